namespace Granary.Edge.Users.Passwords;

/// <summary>Bytes put behind one another to be hashed at once: the crypt formats hash some thousand such lines.</summary>
internal sealed class Sum(int room)
{
    private readonly byte[] _room = new byte[room];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _room.AsSpan(0, _length);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_room.AsSpan(_length));
        _length += bytes.Length;
    }

    public void Clear() => _length = 0;
}
