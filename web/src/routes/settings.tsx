import { Outlet } from "@tanstack/react-router";
import { useSession } from "@/features/session";
import { ApiKeys, Numbers, Profile, SettingsLayout, Users } from "@/features/settings";

export function SettingsPage() {
  return (
    <SettingsLayout>
      <Outlet />
    </SettingsLayout>
  );
}

export function ProfilePage() {
  return <Profile session={useSession()} />;
}
export function UsersPage() {
  return <Users session={useSession()} />;
}
export function ApiKeysPage() {
  return <ApiKeys session={useSession()} />;
}
export function NumbersPage() {
  return <Numbers session={useSession()} />;
}
