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
export type Conversation = Schemas["Conversation"];
export type LastMessage = Schemas["LastMessage"];
export type Message = Schemas["Message"];
export type MessageStatus = Message["status"];
export type MessageType = Message["type"];
export type Media = Schemas["Media"];
export type LocationContent = Schemas["LocationContent"];
export type ContactsContent = Schemas["ContactsContent"];
export type ContactCard = Schemas["ContactCard"];
export type ChoiceContent = Schemas["ChoiceContent"];
export type OrderContent = Schemas["OrderContent"];
export type FlowContent = Schemas["FlowContent"];
export type Referral = Schemas["Referral"];
export type Notice = Schemas["Notice"];
export type Permission = Schemas["Permission"];
export type Contact = Schemas["Contact"];
export type Problem = Schemas["Problem"];
export type Template = Schemas["Template"];
export type TemplateAccount = Schemas["TemplateAccount"];
export type LiveFact = Schemas["LiveFact"];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
