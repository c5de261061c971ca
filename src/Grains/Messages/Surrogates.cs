using System.Collections.Immutable;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;

namespace Granary.Grains.Messages;

// How values of Semantics, which knows nothing of Orleans, travel in messages. Wire shapes only grow.

[GenerateSerializer, Alias("granary.FieldLines")]
internal struct FieldLinesSurrogate
{
    [Id(0)] public string[] NamesAndValues;
}

[RegisterConverter]
internal sealed class FieldLinesConverter : IConverter<FieldLines, FieldLinesSurrogate>
{
    public FieldLines ConvertFromSurrogate(in FieldLinesSurrogate surrogate)
    {
        var flat = surrogate.NamesAndValues;
        var lines = ImmutableArray.CreateBuilder<FieldLine>(flat.Length / 2);
        for (var i = 0; i + 1 < flat.Length; i += 2) lines.Add(new FieldLine(flat[i], flat[i + 1]));
        return new FieldLines(lines.DrainToImmutable());
    }

    public FieldLinesSurrogate ConvertToSurrogate(in FieldLines value)
    {
        var flat = new string[value.Count * 2];
        for (var i = 0; i < value.Count; i++) (flat[2 * i], flat[2 * i + 1]) = (value[i].Name, value[i].Value);
        return new FieldLinesSurrogate { NamesAndValues = flat };
    }
}

[GenerateSerializer, Alias("granary.RequestHead")]
internal struct RequestHeadSurrogate
{
    [Id(0)] public string Method;
    [Id(1)] public string TargetUri;
    [Id(2)] public FieldLines Fields;
}

[RegisterConverter]
internal sealed class RequestHeadConverter : IConverter<RequestHead, RequestHeadSurrogate>
{
    public RequestHead ConvertFromSurrogate(in RequestHeadSurrogate surrogate) => new(surrogate.Method, surrogate.TargetUri, surrogate.Fields);

    public RequestHeadSurrogate ConvertToSurrogate(in RequestHead value) =>
        new() { Method = value.Method, TargetUri = value.TargetUri, Fields = value.Fields };
}

[GenerateSerializer, Alias("granary.ResponseHead")]
internal struct ResponseHeadSurrogate
{
    [Id(0)] public int Status;
    [Id(1)] public FieldLines Fields;
    [Id(2)] public string? Reason;
}

[RegisterConverter]
internal sealed class ResponseHeadConverter : IConverter<ResponseHead, ResponseHeadSurrogate>
{
    public ResponseHead ConvertFromSurrogate(in ResponseHeadSurrogate surrogate) => new(surrogate.Status, surrogate.Fields, surrogate.Reason);

    public ResponseHeadSurrogate ConvertToSurrogate(in ResponseHead value) =>
        new() { Status = value.Status, Fields = value.Fields, Reason = value.Reason };
}

[GenerateSerializer, Alias("granary.CacheStatus")]
internal struct CacheStatusSurrogate
{
    [Id(0)] public bool Hit;
    [Id(1)] public ForwardReason? Fwd;
    [Id(2)] public int? FwdStatus;
    [Id(3)] public bool Stored;
    [Id(4)] public bool Collapsed;
    [Id(5)] public long? Ttl;
    [Id(6)] public string? Detail;
}

[RegisterConverter]
internal sealed class CacheStatusConverter : IConverter<CacheStatus, CacheStatusSurrogate>
{
    public CacheStatus ConvertFromSurrogate(in CacheStatusSurrogate s) => new()
    {
        Hit = s.Hit,
        Fwd = s.Fwd,
        FwdStatus = s.FwdStatus,
        Stored = s.Stored,
        Collapsed = s.Collapsed,
        Ttl = s.Ttl,
        Detail = s.Detail,
    };

    public CacheStatusSurrogate ConvertToSurrogate(in CacheStatus v) => new()
    {
        Hit = v.Hit,
        Fwd = v.Fwd,
        FwdStatus = v.FwdStatus,
        Stored = v.Stored,
        Collapsed = v.Collapsed,
        Ttl = v.Ttl,
        Detail = v.Detail,
    };
}
