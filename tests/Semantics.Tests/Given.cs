using CsCheck;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;

namespace Granary.Tests;

/// <summary>Heads and stored responses as tests write them. Everything is received at <see cref="Now"/>.</summary>
internal static class Given
{
    public const string Uri = "http://example.test/";

    public static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public static string At(double seconds) => HttpDate.Format(Now.AddSeconds(seconds));

    public static RequestHead Get(params ReadOnlySpan<string> lines) => Request("GET", lines);

    public static RequestHead Request(string method, params ReadOnlySpan<string> lines) => new(method, Uri, FieldLines.Of(lines));

    public static ResponseHead Ok(params ReadOnlySpan<string> lines) => Response(200, lines);

    public static ResponseHead Response(int status, params ReadOnlySpan<string> lines) => new(status, FieldLines.Of(lines));

    public static StoredResponse Stored(params ReadOnlySpan<string> lines) => Stored(Get(), Ok(lines));

    public static StoredResponse Stored(RequestHead request, ResponseHead response) =>
        StoredResponse.Of(request, response, Now, Now, FreshnessOptions.Default);

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>Lines parted by "|", for theories.</summary>
    public static FieldLines Lines(string lines) => lines.Length == 0 ? FieldLines.Empty : FieldLines.Of(lines.Split('|'));

    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
