// The key of this browser: made once, kept as a cookie that goes to this server alone.
export default function ({ data, setTriggerValue }) {
  const known = document.cookie
    .split("; ")
    .find((each) => each.startsWith(`${data.cookie}=`));
  let key = known?.slice(data.cookie.length + 1);
  if (!key) {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    key = btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
    const secure = location.protocol === "https:" ? "; Secure" : "";
    const year = 365 * 24 * 60 * 60;
    document.cookie = `${data.cookie}=${key}; path=/; max-age=${year}; SameSite=Strict${secure}`;
  }
  setTriggerValue("said", key);
}
