import { Outlet, useParams } from "@tanstack/react-router";
import { useSession } from "@/features/session";
import { ApiKeys, NumberPage, Numbers, Profile, SettingsLayout, Users } from "@/features/settings";

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
export function NumberDetailPage() {
  const { numberId } = useParams({ from: "/app/settings/numbers/$numberId" });
  return <NumberPage session={useSession()} numberId={numberId} />;
}
export function NumbersPage() {
  return <Numbers session={useSession()} />;
}
