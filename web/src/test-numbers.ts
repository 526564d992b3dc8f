/** A number for tests: connected, healthy, and looked at. */
import type { PhoneNumber } from "@/api/types";

export function aNumber(more: Partial<PhoneNumber> = {}): PhoneNumber {
  return {
    id: "n1",
    waba_id: "102290129340398",
    phone_number_id: "106540352242922",
    display_phone_number: "+55 11 4002-8922",
    verified_name: "Loja Aurora",
    username: null,
    status: "connected",
    own_app: false,
    quality_rating: "green",
    messaging_limit_tier: "tier_2k",
    throughput_level: "standard",
    name_status: "approved",
    meta_status: "connected",
    account_mode: "live",
    can_send: "available",
    restrictions: [],
    coexistence: false,
    paused_until: null,
    pause_reason: null,
    token_kind: "system_user",
    token_expires_at: null,
    token_checked_at: "2026-11-23T06:00:00.000Z",
    token_scopes: ["whatsapp_business_management", "whatsapp_business_messaging"],
    last_problem: null,
    checked_at: "2026-11-23T06:00:00.000Z",
    last_webhook_at: "2026-11-23T11:59:00.000Z",
    contacts_status: null,
    history_status: null,
    history_progress: null,
    version: 1,
    created_at: "2026-05-02T14:00:00.000Z",
    ...more,
  };
}
