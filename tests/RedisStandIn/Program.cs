using System.Globalization;
using System.Net;
using Garnet;
using Garnet.common;
using Garnet.server;

// What Orleans' membership table needs of Redis: its scripts, so Lua, which wants its options spelled out.
var port = int.Parse(args[0], CultureInfo.InvariantCulture);
using var server = new GarnetServer(new GarnetServerOptions
{
    EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
    EnableLua = true,
    LuaOptions = new LuaOptions(LuaMemoryManagementMode.Native, "", TimeSpan.FromSeconds(5), LuaLoggingMode.Silent, []),
    QuietMode = true,
});
server.Start();
Console.WriteLine("Ready to accept connections");
await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
