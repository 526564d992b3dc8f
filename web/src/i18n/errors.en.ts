import type { ErrorWords } from "./errors.pt-BR";

export const errorsEn: ErrorWords = {
  token_invalid: {
    what: "This number’s connection to Meta has expired.",
    todo: "Ask a manager to reconnect it in Settings, Numbers. The message waits and leaves by itself.",
  },
  permission_missing: {
    what: "A permission is missing at Meta for this number.",
    todo: "Ask a manager to reconnect it in Settings, Numbers. The message waits and leaves by itself.",
  },
  number_unknown: {
    what: "Meta does not know this number any more.",
    todo: "Ask a manager to reconnect it in Settings, Numbers. The message waits and leaves by itself.",
  },
  number_not_registered: {
    what: "Our number is not registered with Meta.",
    todo: "Ask a manager to reconnect it in Settings, Numbers. The message waits and leaves by itself.",
  },
  number_paused: {
    what: "This number is paused.",
    todo: "The message waits and leaves by itself when the pause is over.",
  },
  number_disconnected: {
    what: "The number was disconnected before it was sent.",
    todo: "Connect the number again in Settings, Numbers, then resend.",
  },
  account_blocked: {
    what: "Meta has blocked the account over its policies.",
    todo: "An owner has to settle it in Meta’s dashboard. Messages wait.",
  },
  account_locked: {
    what: "Meta has locked the account.",
    todo: "An owner has to settle it in Meta’s dashboard. Messages wait.",
  },
  payment_problem: {
    what: "Meta needs a payment method.",
    todo: "An owner has to add one in Meta’s dashboard. Messages wait and leave afterwards.",
  },
  payments_terms: {
    what: "The terms of WhatsApp Payments are not accepted.",
    todo: "An owner has to accept them in Meta’s dashboard.",
  },
  temporary: {
    what: "WhatsApp had a passing problem.",
    todo: "Resend in a moment.",
  },
  calls_limited: {
    what: "Meta got too many requests from this account.",
    todo: "Wait a few minutes, then resend.",
  },
  rate_limited: {
    what: "WhatsApp asked to slow down.",
    todo: "Wait a minute and resend.",
  },
  pair_limited: {
    what: "Too many messages to this customer in a short time.",
    todo: "Wait a few minutes and put the rest into one message.",
  },
  maintenance: {
    what: "Meta is upgrading this number.",
    todo: "It takes about a minute; resend after that.",
  },
  payload_lost: {
    what: "Meta lost the message on its way.",
    todo: "Resend it.",
  },
  invalid_request: {
    what: "Meta found a mistake in what was sent.",
    todo: "Write it in another way; if it happens again, tell a manager.",
  },
  blocked_by_us: {
    what: "We have blocked this customer.",
    todo: "Unblock them before resending.",
  },
  experiment: {
    what: "Meta did not deliver: the customer is in a test of Meta’s.",
    todo: "Do not resend; answer when the customer writes.",
  },
  country_not_allowed: {
    what: "Meta does not let this number write to that country.",
    todo: "Reach the customer some other way.",
  },
  own_number: {
    what: "A number cannot write to itself.",
    todo: "Check who it was for.",
  },
  not_on_whatsapp: {
    what: "This number cannot receive on WhatsApp.",
    todo: "Check the number with the customer some other way.",
  },
  not_in_test_list: {
    what: "Test number: it only writes to its test list.",
    todo: "Add the customer to the list in Meta’s dashboard and resend.",
  },
  name_not_approved: {
    what: "Meta has not approved this number’s name yet.",
    todo: "Wait for the name’s approval in Meta’s dashboard, then resend.",
  },
  window_closed: {
    what: "The 24-hour window is closed.",
    todo: "Send a template, or wait for the customer to write again and resend.",
  },
  spam_limit: {
    what: "Meta limits this number over spam reports.",
    todo: "Wait a few hours before resending, and write only to who asked for it.",
  },
  engagement_limit: {
    what: "Meta did not deliver, to spare the customer.",
    todo: "Wait for the customer to write, or try after a day.",
  },
  cooling_off: {
    what: "Meta asked for a pause in promotions to this customer.",
    todo: "Wait for the customer to write, or try another day.",
  },
  number_cooling_off: {
    what: "Meta asked for a pause in this number’s templates.",
    todo: "Answer whoever writes; try the template later.",
  },
  daily_limit: {
    what: "The day’s limit of new customers is reached.",
    todo: "The message waits and leaves by itself when there is room.",
  },
  opted_out: {
    what: "The customer wants no more promotions.",
    todo: "Do not resend; answer when they write.",
  },
  misclassified: {
    what: "Meta limits the account over templates in the wrong category.",
    todo: "A manager has to correct the templates’ category; try later.",
  },
  type_not_supported: {
    what: "WhatsApp does not send this kind of message.",
    todo: "Send it as text or a file.",
  },
  file_not_fetched: {
    what: "Meta did not hand over the customer’s file.",
    todo: "Ask the customer to send it again.",
  },
  file_refused: {
    what: "WhatsApp did not take the file.",
    todo: "Send it in another format or size.",
  },
  wrong_endpoint: {
    what: "This template cannot leave by this road.",
    todo: "Tell a manager: the account uses Meta’s marketing sending.",
  },
  only_on_phone: {
    what: "This message can only be seen in the phone’s app.",
    todo: "Look in WhatsApp Business on the phone.",
  },
  needs_phone: {
    what: "This template only goes to who has shown a phone number.",
    todo: "Ask the customer for their number and try again.",
  },
  not_owner: {
    what: "Another system is answering this customer now.",
    todo: "Wait until the conversation comes back here, then resend.",
  },
  template_parameters: {
    what: "The values do not fit the template.",
    todo: "Choose the template again and fill in every field.",
  },
  template_missing: {
    what: "Meta has no such approved template in this language.",
    todo: "Choose another template or language.",
  },
  template_too_long: {
    what: "The template became too long.",
    todo: "Shorten what was filled in.",
  },
  template_changed: {
    what: "The template was changed before the message left.",
    todo: "Choose the template again and check how it looks now.",
  },
  template_paused: {
    what: "Meta has paused this template for low quality.",
    todo: "Choose another; this one is back when Meta releases it.",
  },
  template_disabled: {
    what: "Meta has disabled this template for good.",
    todo: "Choose another template.",
  },
  template_syncing: {
    what: "Meta is still taking this template in.",
    todo: "Wait ten minutes, then resend.",
  },
  content_policy: {
    what: "Meta’s policies do not allow this content.",
    todo: "Write it in another way.",
  },
  flow_blocked: {
    what: "Meta has blocked the form of this message.",
    todo: "Ask your question as text.",
  },
  flow_throttled: {
    what: "Meta lets few of these forms through in an hour.",
    todo: "Wait an hour, then resend.",
  },
  identity_changed: {
    what: "The customer’s phone has changed.",
    todo: "Make sure it is still them before sending anything personal.",
  },
  group_unavailable: {
    what: "This group cannot be written to.",
    todo: "Write to the customer directly.",
  },
  call_failed: {
    what: "The call could not be made.",
    todo: "Write to the customer or call some other way.",
  },
  block_list: {
    what: "Meta did not change the block list.",
    todo: "Try again; if it happens again, block on the phone.",
  },
  username_refused: {
    what: "Meta refused the username.",
    todo: "Choose another.",
  },
  history_not_shared: {
    what: "Meta does not hand over the history.",
    todo: "See older conversations on the phone.",
  },
  webhook_lost: {
    what: "Meta lost a message of the customer’s.",
    todo: "Ask the customer to write again.",
  },
  pin_wrong: {
    what: "The number’s PIN is wrong.",
    todo: "Check the PIN; it can be changed in Meta’s dashboard.",
  },
  pin_locked: {
    what: "Wrong PIN too often.",
    todo: "Wait an hour before trying again.",
  },
  number_not_verified: {
    what: "The number must be verified first.",
    todo: "Ask for the code by SMS or call and enter it here.",
  },
  already_verified: {
    what: "The number is verified already.",
    todo: "Go on to the next step.",
  },
  recently_deleted: {
    what: "The number was just removed at Meta.",
    todo: "Wait five minutes and try again.",
  },
  registration_limited: {
    what: "This number was registered too often.",
    todo: "Wait up to 72 hours and try again.",
  },
  deregistration_unfinished: {
    what: "An earlier deregistration did not finish.",
    todo: "Deregister the number at Meta again, then register it.",
  },
  unknown: {
    what: "WhatsApp refused the message.",
    todo: "Resend; if it happens again, tell a manager.",
  },
  uncertain: {
    what: "We do not know whether it arrived.",
    todo: "WhatsApp did not confirm. Look at the chat on the phone before resending.",
  },
};
