/**
 * Why a message did not leave, or waits: one entry for each reason of the catalogue of errors, saying what
 * happened and what to do. `tests/docs/test_errors.py` holds the two, and the other languages, to each other.
 */
export const errorsPtBR = {
  token_invalid: {
    what: "A conexão deste número com a Meta expirou.",
    todo: "Peça a um gerente para reconectar em Ajustes, Números. A mensagem espera e sai sozinha.",
  },
  permission_missing: {
    what: "Falta uma permissão na Meta para este número.",
    todo: "Peça a um gerente para reconectar em Ajustes, Números. A mensagem espera e sai sozinha.",
  },
  number_unknown: {
    what: "A Meta não conhece mais este número.",
    todo: "Peça a um gerente para reconectar em Ajustes, Números. A mensagem espera e sai sozinha.",
  },
  number_not_registered: {
    what: "Nosso número não está registrado na Meta.",
    todo: "Peça a um gerente para reconectar em Ajustes, Números. A mensagem espera e sai sozinha.",
  },
  number_paused: {
    what: "Este número está em pausa.",
    todo: "A mensagem espera e sai sozinha quando a pausa acabar.",
  },
  number_disconnected: {
    what: "O número foi desconectado antes do envio.",
    todo: "Conecte o número de novo em Ajustes, Números, e reenvie.",
  },
  account_blocked: {
    what: "A Meta bloqueou a conta por causa das políticas.",
    todo: "Um dono da conta precisa resolver no painel da Meta. As mensagens esperam.",
  },
  account_locked: {
    what: "A Meta trancou a conta.",
    todo: "Um dono da conta precisa resolver no painel da Meta. As mensagens esperam.",
  },
  payment_problem: {
    what: "Falta uma forma de pagamento na Meta.",
    todo: "Um dono da conta precisa cadastrá-la no painel da Meta. As mensagens esperam e saem depois.",
  },
  payments_terms: {
    what: "Faltam os termos de pagamentos do WhatsApp.",
    todo: "Um dono da conta precisa aceitá-los no painel da Meta.",
  },
  temporary: {
    what: "O WhatsApp teve um problema passageiro.",
    todo: "Reenvie daqui a pouco.",
  },
  calls_limited: {
    what: "A Meta recebeu pedidos demais desta conta.",
    todo: "Espere alguns minutos e reenvie.",
  },
  rate_limited: {
    what: "O WhatsApp pediu para ir mais devagar.",
    todo: "Espere um minuto e reenvie.",
  },
  pair_limited: {
    what: "Foram mensagens demais para este cliente em pouco tempo.",
    todo: "Espere alguns minutos e junte o que falta numa mensagem só.",
  },
  maintenance: {
    what: "A Meta está atualizando este número.",
    todo: "Leva cerca de um minuto; reenvie depois.",
  },
  payload_lost: {
    what: "A Meta perdeu a mensagem no caminho.",
    todo: "Reenvie a mensagem.",
  },
  invalid_request: {
    what: "A Meta encontrou um erro no que foi enviado.",
    todo: "Escreva de outro modo; se repetir, avise um gerente.",
  },
  blocked_by_us: {
    what: "Este cliente está bloqueado por nós.",
    todo: "Desbloqueie antes de reenviar.",
  },
  experiment: {
    what: "A Meta não entregou: o cliente está num teste dela.",
    todo: "Não reenvie; quando o cliente escrever, responda.",
  },
  country_not_allowed: {
    what: "A Meta não deixa este número escrever para esse país.",
    todo: "Fale com o cliente por outro meio.",
  },
  own_number: {
    what: "Um número não escreve para si mesmo.",
    todo: "Confira para quem era.",
  },
  not_on_whatsapp: {
    what: "Este número não recebe pelo WhatsApp.",
    todo: "Confira o número com o cliente por outro meio.",
  },
  not_in_test_list: {
    what: "Número de teste: só escreve para a lista de teste.",
    todo: "Inclua o cliente na lista, no painel da Meta, e reenvie.",
  },
  name_not_approved: {
    what: "A Meta ainda não aprovou o nome deste número.",
    todo: "Espere a aprovação do nome no painel da Meta e reenvie.",
  },
  window_closed: {
    what: "A janela de 24 h está fechada.",
    todo: "Mande um modelo, ou espere o cliente escrever de novo e reenvie.",
  },
  spam_limit: {
    what: "A Meta limitou este número por denúncias de spam.",
    todo: "Espere algumas horas antes de reenviar e mande só a quem pediu.",
  },
  engagement_limit: {
    what: "A Meta não entregou para não cansar o cliente.",
    todo: "Espere o cliente escrever ou tente depois de um dia.",
  },
  cooling_off: {
    what: "A Meta pediu uma pausa nas promoções para este cliente.",
    todo: "Espere o cliente escrever ou tente outro dia.",
  },
  number_cooling_off: {
    what: "A Meta pediu uma pausa nos modelos deste número.",
    todo: "Responda a quem escrever; tente o modelo mais tarde.",
  },
  daily_limit: {
    what: "O limite de novos clientes por dia foi atingido.",
    todo: "A mensagem espera e sai sozinha quando houver vaga.",
  },
  opted_out: {
    what: "O cliente não quer mais receber promoções.",
    todo: "Não reenvie; responda quando ele escrever.",
  },
  misclassified: {
    what: "A Meta limitou a conta por modelos na categoria errada.",
    todo: "Um gerente precisa corrigir a categoria dos modelos; tente depois.",
  },
  type_not_supported: {
    what: "O WhatsApp não envia este tipo de mensagem.",
    todo: "Mande como texto ou arquivo.",
  },
  file_not_fetched: {
    what: "A Meta não entregou o arquivo do cliente.",
    todo: "Peça ao cliente para mandar de novo.",
  },
  file_refused: {
    what: "O WhatsApp não aceitou o arquivo.",
    todo: "Mande em outro formato ou tamanho.",
  },
  wrong_endpoint: {
    what: "Este modelo não pode sair por este caminho.",
    todo: "Avise um gerente: a conta usa o envio de marketing da Meta.",
  },
  only_on_phone: {
    what: "Esta mensagem só aparece no aplicativo do celular.",
    todo: "Veja no WhatsApp Business do celular.",
  },
  needs_phone: {
    what: "Este modelo só vai para quem mostrou o telefone.",
    todo: "Peça o telefone ao cliente e tente de novo.",
  },
  not_owner: {
    what: "Outro sistema está atendendo este cliente agora.",
    todo: "Espere a conversa voltar para cá e reenvie.",
  },
  template_parameters: {
    what: "Os dados não combinam com o modelo.",
    todo: "Escolha o modelo de novo e preencha todos os campos.",
  },
  template_missing: {
    what: "A Meta não tem este modelo aprovado nesta língua.",
    todo: "Escolha outro modelo ou outra língua.",
  },
  template_too_long: {
    what: "O modelo ficou longo demais.",
    todo: "Encurte o que foi preenchido.",
  },
  template_changed: {
    what: "O modelo mudou antes de a mensagem sair.",
    todo: "Escolha o modelo de novo e confira como ficou.",
  },
  template_paused: {
    what: "A Meta pausou este modelo por baixa qualidade.",
    todo: "Escolha outro modelo; este volta quando a Meta liberar.",
  },
  template_disabled: {
    what: "A Meta desativou este modelo de vez.",
    todo: "Escolha outro modelo.",
  },
  template_syncing: {
    what: "A Meta ainda está recebendo este modelo.",
    todo: "Espere dez minutos e reenvie.",
  },
  content_policy: {
    what: "As políticas da Meta não permitem este conteúdo.",
    todo: "Escreva de outro modo.",
  },
  flow_blocked: {
    what: "A Meta bloqueou o formulário desta mensagem.",
    todo: "Mande a pergunta como texto.",
  },
  flow_throttled: {
    what: "A Meta só deixa passar poucos destes formulários por hora.",
    todo: "Espere uma hora e reenvie.",
  },
  identity_changed: {
    what: "O telefone do cliente mudou.",
    todo: "Confirme que ainda é o cliente antes de mandar algo pessoal.",
  },
  group_unavailable: {
    what: "Não dá para escrever neste grupo.",
    todo: "Escreva direto ao cliente.",
  },
  call_failed: {
    what: "A ligação não pôde ser feita.",
    todo: "Escreva ao cliente ou ligue por outro meio.",
  },
  block_list: {
    what: "A Meta não mudou a lista de bloqueio.",
    todo: "Tente de novo; se repetir, bloqueie pelo celular.",
  },
  username_refused: {
    what: "A Meta recusou o nome de usuário.",
    todo: "Escolha outro.",
  },
  history_not_shared: {
    what: "A Meta não entrega o histórico.",
    todo: "Veja as conversas antigas no celular.",
  },
  webhook_lost: {
    what: "A Meta perdeu uma mensagem do cliente.",
    todo: "Peça ao cliente para escrever de novo.",
  },
  pin_wrong: {
    what: "O PIN do número está errado.",
    todo: "Confira o PIN; dá para trocá-lo no painel da Meta.",
  },
  pin_locked: {
    what: "PIN errado vezes demais.",
    todo: "Espere uma hora antes de tentar de novo.",
  },
  number_not_verified: {
    what: "O número precisa ser verificado antes.",
    todo: "Peça o código por SMS ou ligação e informe aqui.",
  },
  already_verified: {
    what: "O número já está verificado.",
    todo: "Siga para o próximo passo.",
  },
  recently_deleted: {
    what: "O número acabou de ser removido na Meta.",
    todo: "Espere cinco minutos e tente de novo.",
  },
  registration_limited: {
    what: "Este número foi registrado vezes demais.",
    todo: "Espere até 72 horas e tente de novo.",
  },
  deregistration_unfinished: {
    what: "Um desligamento anterior do número não terminou.",
    todo: "Desconecte o número de novo na Meta e registre outra vez.",
  },
  unknown: {
    what: "O WhatsApp recusou a mensagem.",
    todo: "Reenvie; se repetir, avise um gerente.",
  },
  uncertain: {
    what: "Não sabemos se chegou.",
    todo: "O WhatsApp não confirmou. Olhe a conversa no celular antes de reenviar.",
  },
};

export type ErrorWords = typeof errorsPtBR;
