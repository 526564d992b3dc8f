export { Costs } from "./costs";
export { type CostSearch, readCostSearch } from "./search";
