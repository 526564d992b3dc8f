import type { ErrorWords } from "./errors.pt-BR";

export const errorsEs: ErrorWords = {
  token_invalid: {
    what: "La conexión de este número con Meta caducó.",
    todo: "Pide a un gerente que lo reconecte en Ajustes, Números. El mensaje espera y sale solo.",
  },
  permission_missing: {
    what: "Falta un permiso en Meta para este número.",
    todo: "Pide a un gerente que lo reconecte en Ajustes, Números. El mensaje espera y sale solo.",
  },
  number_unknown: {
    what: "Meta ya no conoce este número.",
    todo: "Pide a un gerente que lo reconecte en Ajustes, Números. El mensaje espera y sale solo.",
  },
  number_not_registered: {
    what: "Nuestro número no está registrado en Meta.",
    todo: "Pide a un gerente que lo reconecte en Ajustes, Números. El mensaje espera y sale solo.",
  },
  number_paused: {
    what: "Este número está en pausa.",
    todo: "El mensaje espera y sale solo cuando termine la pausa.",
  },
  number_disconnected: {
    what: "El número se desconectó antes del envío.",
    todo: "Conecta el número de nuevo en Ajustes, Números, y reenvía.",
  },
  account_blocked: {
    what: "Meta bloqueó la cuenta por sus políticas.",
    todo: "Un dueño de la cuenta debe resolverlo en el panel de Meta. Los mensajes esperan.",
  },
  account_locked: {
    what: "Meta cerró la cuenta.",
    todo: "Un dueño de la cuenta debe resolverlo en el panel de Meta. Los mensajes esperan.",
  },
  payment_problem: {
    what: "Falta un medio de pago en Meta.",
    todo: "Un dueño de la cuenta debe registrarlo en el panel de Meta. Los mensajes esperan y salen después.",
  },
  payments_terms: {
    what: "Faltan los términos de pagos de WhatsApp.",
    todo: "Un dueño de la cuenta debe aceptarlos en el panel de Meta.",
  },
  temporary: {
    what: "WhatsApp tuvo un problema pasajero.",
    todo: "Reenvía en un momento.",
  },
  calls_limited: {
    what: "Meta recibió demasiadas solicitudes de esta cuenta.",
    todo: "Espera unos minutos y reenvía.",
  },
  rate_limited: {
    what: "WhatsApp pidió ir más despacio.",
    todo: "Espera un minuto y reenvía.",
  },
  pair_limited: {
    what: "Fueron demasiados mensajes a este cliente en poco tiempo.",
    todo: "Espera unos minutos y junta lo que falta en un solo mensaje.",
  },
  maintenance: {
    what: "Meta está actualizando este número.",
    todo: "Tarda cerca de un minuto; reenvía después.",
  },
  payload_lost: {
    what: "Meta perdió el mensaje en el camino.",
    todo: "Reenvía el mensaje.",
  },
  invalid_request: {
    what: "Meta encontró un error en lo enviado.",
    todo: "Escríbelo de otra forma; si se repite, avisa a un gerente.",
  },
  blocked_by_us: {
    what: "Este cliente está bloqueado por nosotros.",
    todo: "Desbloquéalo antes de reenviar.",
  },
  experiment: {
    what: "Meta no lo entregó: el cliente está en una prueba suya.",
    todo: "No lo reenvíes; cuando el cliente escriba, responde.",
  },
  country_not_allowed: {
    what: "Meta no deja que este número escriba a ese país.",
    todo: "Habla con el cliente por otro medio.",
  },
  own_number: {
    what: "Un número no se escribe a sí mismo.",
    todo: "Revisa para quién era.",
  },
  not_on_whatsapp: {
    what: "Este número no recibe por WhatsApp.",
    todo: "Confirma el número con el cliente por otro medio.",
  },
  not_in_test_list: {
    what: "Número de prueba: solo escribe a su lista.",
    todo: "Agrega al cliente a la lista en el panel de Meta y reenvía.",
  },
  name_not_approved: {
    what: "Meta aún no aprobó el nombre de este número.",
    todo: "Espera la aprobación del nombre en el panel de Meta y reenvía.",
  },
  window_closed: {
    what: "La ventana de 24 h está cerrada.",
    todo: "Manda una plantilla, o espera a que el cliente escriba de nuevo y reenvía.",
  },
  spam_limit: {
    what: "Meta limitó este número por denuncias de spam.",
    todo: "Espera unas horas antes de reenviar y escribe solo a quien lo pidió.",
  },
  engagement_limit: {
    what: "Meta no lo entregó para no cansar al cliente.",
    todo: "Espera a que el cliente escriba o intenta después de un día.",
  },
  cooling_off: {
    what: "Meta pidió una pausa en las promociones para este cliente.",
    todo: "Espera a que el cliente escriba o intenta otro día.",
  },
  number_cooling_off: {
    what: "Meta pidió una pausa en las plantillas de este número.",
    todo: "Responde a quien escriba; intenta la plantilla más tarde.",
  },
  daily_limit: {
    what: "Se alcanzó el límite diario de clientes nuevos.",
    todo: "El mensaje espera y sale solo cuando haya lugar.",
  },
  opted_out: {
    what: "El cliente ya no quiere recibir promociones.",
    todo: "No lo reenvíes; responde cuando escriba.",
  },
  misclassified: {
    what: "Meta limitó la cuenta por plantillas en la categoría equivocada.",
    todo: "Un gerente debe corregir la categoría de las plantillas; intenta después.",
  },
  type_not_supported: {
    what: "WhatsApp no envía este tipo de mensaje.",
    todo: "Mándalo como texto o archivo.",
  },
  file_not_fetched: {
    what: "Meta no entregó el archivo del cliente.",
    todo: "Pide al cliente que lo mande de nuevo.",
  },
  file_refused: {
    what: "WhatsApp no aceptó el archivo.",
    todo: "Mándalo en otro formato o tamaño.",
  },
  wrong_endpoint: {
    what: "Esta plantilla no puede salir por esta vía.",
    todo: "Avisa a un gerente: la cuenta usa el envío de marketing de Meta.",
  },
  only_on_phone: {
    what: "Este mensaje solo aparece en la aplicación del celular.",
    todo: "Míralo en WhatsApp Business del celular.",
  },
  needs_phone: {
    what: "Esta plantilla solo va a quien mostró su teléfono.",
    todo: "Pide el teléfono al cliente e intenta de nuevo.",
  },
  not_owner: {
    what: "Otro sistema está atendiendo a este cliente ahora.",
    todo: "Espera a que la conversación vuelva aquí y reenvía.",
  },
  template_parameters: {
    what: "Los datos no coinciden con la plantilla.",
    todo: "Elige la plantilla de nuevo y completa todos los campos.",
  },
  template_missing: {
    what: "Meta no tiene esta plantilla aprobada en este idioma.",
    todo: "Elige otra plantilla u otro idioma.",
  },
  template_too_long: {
    what: "La plantilla quedó demasiado larga.",
    todo: "Acorta lo que se completó.",
  },
  template_changed: {
    what: "La plantilla cambió antes de que saliera el mensaje.",
    todo: "Elige la plantilla de nuevo y revisa cómo quedó.",
  },
  template_paused: {
    what: "Meta pausó esta plantilla por baja calidad.",
    todo: "Elige otra plantilla; esta vuelve cuando Meta la libere.",
  },
  template_disabled: {
    what: "Meta desactivó esta plantilla definitivamente.",
    todo: "Elige otra plantilla.",
  },
  template_syncing: {
    what: "Meta todavía está recibiendo esta plantilla.",
    todo: "Espera diez minutos y reenvía.",
  },
  content_policy: {
    what: "Las políticas de Meta no permiten este contenido.",
    todo: "Escríbelo de otra forma.",
  },
  flow_blocked: {
    what: "Meta bloqueó el formulario de este mensaje.",
    todo: "Manda la pregunta como texto.",
  },
  flow_throttled: {
    what: "Meta deja pasar pocos de estos formularios por hora.",
    todo: "Espera una hora y reenvía.",
  },
  identity_changed: {
    what: "El teléfono del cliente cambió.",
    todo: "Confirma que sigue siendo el cliente antes de mandar algo personal.",
  },
  group_unavailable: {
    what: "No se puede escribir en este grupo.",
    todo: "Escribe directamente al cliente.",
  },
  call_failed: {
    what: "La llamada no se pudo hacer.",
    todo: "Escribe al cliente o llama por otro medio.",
  },
  block_list: {
    what: "Meta no cambió la lista de bloqueo.",
    todo: "Intenta de nuevo; si se repite, bloquea desde el celular.",
  },
  username_refused: {
    what: "Meta rechazó el nombre de usuario.",
    todo: "Elige otro.",
  },
  history_not_shared: {
    what: "Meta no entrega el historial.",
    todo: "Mira las conversaciones antiguas en el celular.",
  },
  webhook_lost: {
    what: "Meta perdió un mensaje del cliente.",
    todo: "Pide al cliente que escriba de nuevo.",
  },
  pin_wrong: {
    what: "El PIN del número es incorrecto.",
    todo: "Revisa el PIN; se puede cambiar en el panel de Meta.",
  },
  pin_locked: {
    what: "PIN incorrecto demasiadas veces.",
    todo: "Espera una hora antes de intentar de nuevo.",
  },
  number_not_verified: {
    what: "El número debe verificarse antes.",
    todo: "Pide el código por SMS o llamada y escríbelo aquí.",
  },
  already_verified: {
    what: "El número ya está verificado.",
    todo: "Sigue al próximo paso.",
  },
  recently_deleted: {
    what: "El número se acaba de quitar en Meta.",
    todo: "Espera cinco minutos e intenta de nuevo.",
  },
  registration_limited: {
    what: "Este número se registró demasiadas veces.",
    todo: "Espera hasta 72 horas e intenta de nuevo.",
  },
  deregistration_unfinished: {
    what: "Una baja anterior del número no terminó.",
    todo: "Desconecta el número de nuevo en Meta y regístralo otra vez.",
  },
  unknown: {
    what: "WhatsApp rechazó el mensaje.",
    todo: "Reenvía; si se repite, avisa a un gerente.",
  },
  uncertain: {
    what: "No sabemos si llegó.",
    todo: "WhatsApp no lo confirmó. Mira la conversación en el celular antes de reenviar.",
  },
};
