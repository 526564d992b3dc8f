export { readTemplateSearch, type TemplateSearch } from "./search";
export { Templates } from "./templates";
