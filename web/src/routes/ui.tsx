export function PrimitivesPage() {
  return null;
}
