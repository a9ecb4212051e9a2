// A certified OpenID provider on loopback, with as many people as names are typed. Arguments: port, redirect, left.
import { Provider } from "oidc-provider";

const [port, redirect, left] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "sideblik",
      client_secret: "a-secret-of-this-test-alone",
      redirect_uris: [redirect],
      post_logout_redirect_uris: [left],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: id,
      email: `${id}@noerreaa.example`,
      email_verified: true,
      groups: id.startsWith("gruppe") ? ["plejehjem"] : [],
    }),
  }),
  cookies: { keys: ["of this test alone"] },
  pkce: { required: () => true },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
