// The network check: the page is here, can it also post, and hold a live connection?

function say(id, good, text) {
  const line = document.getElementById(id);
  line.textContent = `${good ? "✓" : "✗"} ${text}`;
  line.className = good ? "good" : "bad";
}

try {
  const answer = await fetch("/check", { method: "POST" });
  const { tables } = await answer.json();
  say("post", answer.ok, "The host has noted this device; its page shows it.");
  const socket = new WebSocket(`ws://${location.host}/${tables[0]}/socket`);
  socket.onopen = () => { say("socket", true, "Live connections work. This device can play."); socket.close(); };
  socket.onerror = () => say("socket", false, "Live connections are held up: switch off a VPN or a data saver on this device.");
} catch {
  say("post", false, "The host did not answer. Stay near it, and switch off mobile data and VPN.");
}
