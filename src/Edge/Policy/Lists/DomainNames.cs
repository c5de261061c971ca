using System.Net;
using System.Text;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Policy.Lists;

/// <summary>
/// Gathers the names of a list, line by line: a domain (<c>example.com</c>, <c>.example.com</c>, <c>*.example.com</c>), or as in a hosts file an address and names for it; what is behind <c>#</c> is a comment. Names
/// without a dot in a hosts file are those of the machine itself and its network, and left out.
/// </summary>
internal sealed class DomainNames(int room)
{
    private byte[] _names = new byte[Math.Max(room, 256)];
    private int _length;

    /// <summary>Names, each as often as it occurs.</summary>
    public int Count { get; private set; }

    /// <summary>Lines with something in them that is no name.</summary>
    public int Unread { get; private set; }

    public DomainList ToList() => new(_names, _length, Count);

    public void Skip() => Unread++;

    public void Add(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf((byte)'#') is >= 0 and var comment) line = line[..comment];
        line = line.Trim(" \t\r\f\v"u8);
        if (line.IsEmpty) return;
        var end = line.IndexOfAny(" \t"u8);
        if (end < 0)
        {
            if (!AddName(line, isOfMachine: false)) Unread++;
        }
        else if (!IsAddress(line[..end]) || !AddNames(line[end..])) Unread++;
    }

    private static bool IsAddress(ReadOnlySpan<byte> text) => text.Length <= 64 && IPAddress.TryParse(Encoding.ASCII.GetString(text), out _);

    private bool AddNames(ReadOnlySpan<byte> names)
    {
        var all = true;
        foreach (var range in names.SplitAny(" \t"u8))
            if (!names[range].IsEmpty) all &= AddName(names[range], isOfMachine: true);
        return all;
    }

    private bool AddName(ReadOnlySpan<byte> name, bool isOfMachine)
    {
        if (name.StartsWith("*."u8)) name = name[2..];
        else if (name is [(byte)'.', _, ..]) name = name[1..];
        if (name is [.., (byte)'.']) name = name[..^1];
        if (!IsPlain(name)) return AddStrange(name);
        if (isOfMachine && !name.Contains((byte)'.')) return true;
        var to = Room(name.Length);
        for (var i = 0; i < name.Length; i++) to[i] = name[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[i] | 0x20) : name[i];
        return true;
    }

    /// <summary>What may be an address, or is written in other letters.</summary>
    private bool AddStrange(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > 512 || HostName.Normal(Encoding.UTF8.GetString(name), out var isAddress) is not { } normal) return false;
        if (!isAddress && (normal[0] == '.' || normal.Contains("..", StringComparison.Ordinal))) return false;
        if (normal != "0.0.0.0") Encoding.ASCII.GetBytes(normal, Room(normal.Length)); // hosts files name the address itself
        return true;
    }

    // Letters, digits, hyphens and underscores between single dots; the last label no number, so that it is no address.
    private static bool IsPlain(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > 253 || name[0] == '.' || name.IndexOf(".."u8) >= 0 || name.ContainsAnyExcept(Plain)) return false;
        var last = name[(name.LastIndexOf((byte)'.') + 1)..];
        return last is [not (>= (byte)'0' and <= (byte)'9'), ..];
    }

    private static readonly System.Buffers.SearchValues<byte> Plain = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."u8);

    private Span<byte> Room(int length)
    {
        if (_length + length + 1 > _names.Length) Array.Resize(ref _names, checked((int)Math.Min(Math.Max(_names.Length * 2L, _length + length + 1L), Array.MaxLength)));
        _names[_length] = (byte)length;
        var room = _names.AsSpan(_length + 1, length);
        _length += length + 1;
        Count++;
        return room;
    }
}
