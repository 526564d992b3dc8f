/** What messages cost: the page and what stands behind its figures. */
const many = (n: number, one: string, other: string) => (n === 1 ? one : other);

export const costsPtBR = {
  title: "Gastos",
  goTo: "Ir para os gastos",
  text: "O que a Meta cobra pelas mensagens entregues, pela tabela de preços. A fatura da Meta é que vale.",
  from: "De",
  to: "Até",
  number: "Número",
  allNumbers: "Todos os números",
  view: "Ver por",
  groups: { day: "Por dia", number: "Por número", category: "Por categoria" },
  keys: { day: "Dia", number: "Número", category: "Categoria" },
  total: "Total",
  spent: "Gasto no período",
  messages: "Mensagens",
  charged: "Cobradas",
  free: "Grátis",
  unpriced: "Sem preço",
  amount: "Valor",
  chart: "Gasto por dia e categoria",
  open: (what: string, n: number) => `${what}: ver ${many(n, "1 mensagem", `${n} mensagens`)}`,
  none: "Nada foi gasto neste período",
  noneText: "Cada mensagem entregue aparece aqui, com o que a Meta disse do preço dela.",
  unpricedNotice: (n: number) =>
    many(
      n,
      "1 mensagem cobrada não tem preço em nossa tabela e ficou fora do valor.",
      `${n} mensagens cobradas não têm preço em nossa tabela e ficaram fora do valor.`,
    ),
  drawer: "Mensagens deste valor",
  deleted: "Mensagem apagada",
  more: "Mostrar mais",
  noPrice: "Sem preço conhecido",
  toCountry: (country: string) => `para ${country}`,
  types: {
    regular: "Cobrada",
    free_customer_service: "Grátis",
    free_entry_point: "Grátis: veio de anúncio",
    free_group_customer_service: "Grátis: grupo",
  },
  categories: {
    marketing: "Marketing",
    utility: "Utilidade",
    authentication: "Autenticação",
    authentication_international: "Autenticação internacional",
    service: "Atendimento",
    marketing_lite: "Marketing (outra API)",
    referral_conversion: "Veio de anúncio",
  },
  zone: "Fuso horário dos dias",
  zoneText: "Os dias e os meses começam à meia-noite neste fuso.",
  prices: "De onde vêm os preços",
  pricesText: (free: number, hours: number) =>
    `Preço de tabela em dólar por mensagem entregue, pelo país de quem recebe. ${free < 0 ? "Mensagens de atendimento são grátis." : `As primeiras ${free} mensagens de atendimento de cada número no mês são grátis.`} Quem veio de anúncio é grátis por ${hours} horas. Descontos por volume e impostos não entram.`,
  market: "País",
  validFrom: "Desde",
  source: "Fonte",
  confidence: {
    quoted: "Dito pela Meta",
    several_sources: "Várias fontes",
    one_source: "Uma fonte",
    derived: "Calculado",
    unverified: "Não confirmado",
  },
};

export type CostWords = typeof costsPtBR;
