/**
 * The wire, in the shape openapi-typescript writes it. `npm run api:generate` replaces this file
 * from /v1/openapi.json; nothing but src/api/types.ts imports it.
 */
export interface components {
  schemas: {
    Role: "owner" | "manager" | "agent" | "compliance" | "analyst";
    Locale: "pt-BR" | "es" | "en";
    User: { id: string; name: string; email: string; locale: components["schemas"]["Locale"] };
    AccountRef: { id: string; name: string };
    Membership: { id: string; name: string; role: components["schemas"]["Role"] };
    Session: {
      user: components["schemas"]["User"];
      account: components["schemas"]["AccountRef"];
      role: components["schemas"]["Role"];
      permissions: string[];
      accounts: components["schemas"]["Membership"][];
      csrf_token: string;
    };
    Member: {
      id: string;
      name: string;
      email: string;
      role: components["schemas"]["Role"];
      created_at: string;
    };
    ApiKey: {
      id: string;
      name: string;
      scopes: string[];
      prefix: string;
      created_at: string;
      last_used_at: string | null;
      created_by: string | null;
    };
    CreatedApiKey: components["schemas"]["ApiKey"] & { key: string | null };
    PhoneNumber: {
      id: string;
      waba_id: string;
      phone_number_id: string;
      display_phone_number: string;
      verified_name: string | null;
      status: string;
      created_at: string;
    };
    ConversationContact: { id: string; name: string; phone: string | null; username: string | null };
    ConversationNumber: { id: string; display_phone_number: string; verified_name: string | null };
    PersonRef: { id: string; name: string };
    MessageStatus:
      | "received"
      | "queued"
      | "sending"
      | "accepted"
      | "sent"
      | "delivered"
      | "read"
      | "played"
      | "failed"
      | "uncertain";
    LastMessage: {
      id: string;
      direction: "in" | "out";
      type: string;
      preview: string;
      status: components["schemas"]["MessageStatus"];
      sent_at: string;
    };
    Conversation: {
      id: string;
      version: number;
      status: "open" | "closed";
      contact: components["schemas"]["ConversationContact"];
      number: components["schemas"]["ConversationNumber"];
      assignee: components["schemas"]["PersonRef"] | null;
      unread_count: number;
      last_message: components["schemas"]["LastMessage"] | null;
      last_message_at: string;
      waiting_since: string | null;
      service_window_ends_at: string | null;
      created_at: string;
      closed_at: string | null;
    };
    MessageError: {
      code: number | null;
      reason: string;
      title: string;
      retryable: boolean;
    };
    Message: {
      id: string;
      version: number;
      conversation_id: string;
      direction: "in" | "out";
      type: string;
      text: string | null;
      status: components["schemas"]["MessageStatus"];
      wamid: string | null;
      client_id: string | null;
      sent_at: string;
      status_at: string | null;
      author: { kind: "contact" | "user" | "api" | "phone"; id?: string | null; name?: string | null };
      reply_to: { id?: string | null; wamid?: string | null; preview?: string | null } | null;
      error: components["schemas"]["MessageError"] | null;
      unsupported_type: string | null;
      media: null;
    };
    ContactConversation: {
      id: string;
      status: "open" | "closed";
      last_message_at: string;
      number: components["schemas"]["ConversationNumber"];
    };
    Contact: {
      id: string;
      name: string;
      custom_name: string | null;
      profile_name: string | null;
      phone: string | null;
      wa_id: string | null;
      bsuid: string | null;
      username: string | null;
      created_at: string;
      conversations?: components["schemas"]["ContactConversation"][];
    };
    Problem: {
      type: string;
      title: string;
      status: number;
      code: string;
      detail?: string;
      errors?: { field: string; message: string }[];
      retry_after_s?: number;
      max_length?: number;
      service_window_ends_at?: string | null;
    };
    MessageFactData: {
      message: components["schemas"]["Message"];
      conversation: components["schemas"]["Conversation"];
    };
    LiveFact:
      | {
          type: "message.received" | "message.queued" | "message.status_changed";
          id: string;
          at: string;
          trace: string | null;
          data: components["schemas"]["MessageFactData"];
        }
      | {
          type: "conversation.changed";
          id: string;
          at: string;
          trace: string | null;
          data: {
            conversation: components["schemas"]["Conversation"];
            change: "opened" | "closed" | "reopened" | "assigned" | "read";
          };
        }
      | {
          type: "contact.changed";
          id: string;
          at: string;
          trace: string | null;
          data: { contact: components["schemas"]["Contact"] };
        };
  };
}
