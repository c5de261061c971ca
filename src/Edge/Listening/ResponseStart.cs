namespace Granary.Edge.Listening;

/// <summary>Reads what Kestrel writes up to the status of the first response that is not 100 (Continue).</summary>
internal struct ResponseStart
{
    private const int StatusAt = 9; // behind "HTTP/1.1 "
    private const int HeadStart = 12;

    private int _at;
    private int _status;
    private byte _emptyLine;

    /// <summary>True from the first byte of a head, and again false behind the head of a 100.</summary>
    public readonly bool HasBegun => _at > 0;

    /// <summary>The status once it is known, else 0.</summary>
    public int Read(ReadOnlySpan<byte> written)
    {
        foreach (var b in written)
        {
            if (_at >= HeadStart) SkipContinue(b);
            else if (_at++ >= StatusAt) _status = (_status * 10) + (b - '0');
            if (_at == HeadStart && _status != 100) return _status;
        }

        return 0;
    }

    private void SkipContinue(byte b)
    {
        _emptyLine = b == (_emptyLine % 2 == 0 ? '\r' : '\n') ? (byte)(_emptyLine + 1) : (byte)(b == '\r' ? 1 : 0);
        if (_emptyLine == 4) this = default;
    }
}
