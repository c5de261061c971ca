using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Granary.Semantics.Fields;

namespace Granary.Grains.Origin.Wire;

/// <summary>Collects the field section of an interim response while it passes. The framing has found it clean and small before it is read.</summary>
internal sealed class InterimFields
{
    private readonly ArrayBufferWriter<byte> _section = new();

    public void Append(ReadOnlySpan<byte> clean) => _section.Write(clean);

    public FieldLines Take()
    {
        var lines = ImmutableArray.CreateBuilder<FieldLine>();
        var rest = _section.WrittenSpan;
        for (var end = rest.IndexOf("\r\n"u8); end > 0; end = rest.IndexOf("\r\n"u8))
        {
            lines.Add(Read(rest[..end]));
            rest = rest[(end + 2)..];
        }

        _section.ResetWrittenCount();
        return new FieldLines(lines.ToImmutable());
    }

    private static FieldLine Read(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        return new FieldLine(Encoding.Latin1.GetString(line[..colon]), Encoding.Latin1.GetString(line[(colon + 1)..].Trim(" \t"u8)));
    }
}
