/** Short names for the wire's shapes; the rest of the app imports these and never the schema itself. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Role = Schemas["Role"];
export type Locale = Schemas["SessionUser"]["locale"];
export type User = Schemas["SessionUser"];
export type Session = Schemas["Session"];
export type Member = Schemas["Member"];
export type ApiKey = Schemas["ApiKey"];
export type CreatedApiKey = Schemas["CreatedApiKey"];
export type PhoneNumber = Schemas["NumberView"];
export type NumberCheck = Schemas["NumberCheck"];
export type CheckLine = Schemas["CheckLine"];
export type NumberProfile = Schemas["Profile"];
export type SignupOffer = Schemas["SignupOffer"];
export type Conversation = Schemas["Conversation"];
export type LastMessage = Schemas["LastMessage"];
export type Message = Schemas["Message"];
export type MessageStatus = Message["status"];
export type MessageType = Message["type"];
export type Media = Schemas["Media"];
export type LocationContent = Schemas["LocationContent"];
export type ContactsContent = Schemas["ContactsContent"];
export type ContactCard = Schemas["ContactCard"];
export type CallContent = Schemas["CallContent"];
export type ChoiceContent = Schemas["ChoiceContent"];
export type OrderContent = Schemas["OrderContent"];
export type FlowContent = Schemas["FlowContent"];
export type ButtonsContent = Schemas["ButtonsContent"];
export type ListContent = Schemas["ListContent"];
export type LinkContent = Schemas["LinkContent"];
export type RequestContent = Schemas["RequestContent"];
export type ProductsContent = Schemas["ProductsContent"];
export type TemplateContent = Schemas["TemplateContent"];
export type Referral = Schemas["Referral"];
export type Notice = Schemas["Notice"];
export type NewMessage =
  | Schemas["NewText"]
  | Schemas["NewImage"]
  | Schemas["NewVideo"]
  | Schemas["NewAudio"]
  | Schemas["NewDocument"]
  | Schemas["NewSticker"]
  | Schemas["NewLocation"]
  | Schemas["NewContacts"]
  | Schemas["NewButtons"]
  | Schemas["NewList"]
  | Schemas["NewLink"]
  | Schemas["NewRequest"]
  | Schemas["NewProducts"]
  | Schemas["NewTemplate"];
export type NewTemplate = Schemas["NewTemplate"];
export type CostEstimate = Schemas["CostEstimate"];
export type Permission = Schemas["Permission"];
export type Spend = Schemas["Spend"];
export type SpendLine = Schemas["SpendLine"];
export type SpentOn = Schemas["SpentOn"];
export type SpentMessage = Schemas["SpentMessage"];
export type PriceList = Schemas["PriceList"];
export type Account = Schemas["AccountView"];
export type Contact = Schemas["Contact"];
export type Problem = Schemas["Problem"];
export type Template = Schemas["Template"];
export type TemplateParameter = Schemas["TemplateParameter"];
export type TemplateAccount = Schemas["TemplateAccount"];
export type LiveFact = Schemas["LiveFact"];

/** What a file is to be sent as; `voice` is sound shown as a voice note. */
export type UploadAs = "image" | "video" | "audio" | "voice" | "document" | "sticker";

export type Upload = Schemas["Upload"];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
