using System.Buffers;
using System.Globalization;
using Granary.Semantics.Reusability;

namespace Granary.Edge.AccessLog;

/// <summary>Squid's own: <c>%ts.%03tu %6tr %&gt;a %Ss/%03&gt;Hs %&lt;st %rm %ru %[un %Sh/%&lt;a %mt</c>.</summary>
internal static class SquidFormat
{
    public static void Write(IBufferWriter<byte> line, AccessRecord record, bool withQuery)
    {
        var (ended, elapsed) = ((record.Time + record.Duration).ToUnixTimeMilliseconds(), (long)record.Duration.TotalMilliseconds); // %ts is when it was written
        Escapes.Plain(line, string.Create(CultureInfo.InvariantCulture,
            $"{ended / 1000}.{ended % 1000:000} {elapsed,6} {record.Client?.ToString() ?? "-"} {ResultOf(record)}/{(HasNoStatus(record) ? 0 : record.Status):000} {record.Bytes} "));
        Escapes.Percented(line, record.Method, keepsPercent: false);
        line.Write(" "u8);
        Escapes.Percented(line, LoggedUrl.Of(record, withQuery), keepsPercent: true);
        line.Write(" "u8);
        Escapes.Percented(line, record.User ?? "", keepsPercent: false);
        Escapes.Plain(line, $" {HierarchyOf(record)}/");
        Escapes.Percented(line, HierarchyOf(record) == None ? "-" : record.From!, keepsPercent: true);
        line.Write(" "u8);
        Escapes.Percented(line, record.ContentType?.Split(';')[0].Trim() ?? "", keepsPercent: false);
        line.Write("\n"u8);
    }

    private const string None = "HIER_NONE";

    // "Squid result codes" in its documentation.
    private static string ResultOf(AccessRecord record) => CodeOf(record) + (record.IsAborted ? "_ABORTED" : "");

    private static string CodeOf(AccessRecord record) => record switch
    {
        { IsDenied: true } => "TCP_DENIED",
        { Way: not null } or { Method: "CONNECT" } => "TCP_TUNNEL",
        { Cache: null } => "NONE_NONE",
        { Cache.Hit: true, Status: StatusCodes.Status304NotModified } => "TCP_IMS_HIT",
        { Cache.Hit: true } => "TCP_HIT",
        { Cache.Fwd: ForwardReason.Request } => "TCP_CLIENT_REFRESH_MISS",
        { Cache: { Fwd: ForwardReason.Stale, FwdStatus: StatusCodes.Status304NotModified } } => "TCP_REFRESH_UNMODIFIED",
        { Cache: { Fwd: ForwardReason.Stale, FwdStatus: null or >= 500 } } => "TCP_REFRESH_FAIL",
        { Cache.Fwd: ForwardReason.Stale } => "TCP_REFRESH_MODIFIED",
        { Cache: { Fwd: not null, Collapsed: true } } => "TCP_CF_MISS",
        { Cache.Fwd: not null } => "TCP_MISS",
        _ => "NONE_NONE",
    };

    private static string HierarchyOf(AccessRecord record) =>
        record.From is null || (record.Way is null && record.Cache is not { Hit: false, Fwd: not null }) ? None : record.IsReverse ? "FIRSTUP_PARENT" : "HIER_DIRECT";

    private static bool HasNoStatus(AccessRecord record) => record.Status == StatusCodes.Status499ClientClosedRequest;
}
