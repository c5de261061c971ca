namespace Granary.Silo.Configuration.Values;

/// <summary>An inner name and the outer one that stands for it.</summary>
/// <param name="Outer">Null: the name that the client has asked for.</param>
public sealed record NamePair(OriginName Inner, OriginName? Outer)
{
    public static NamePair? Parse(string text)
    {
        var parts = text.Split('=');
        if (parts.Length > 2 || OriginName.Parse(parts[0]) is not { } inner) return null;
        if (parts.Length == 1) return new NamePair(inner, null);
        return OriginName.Parse(parts[1]) is { } outer ? new NamePair(inner, outer) : null;
    }

    public override string ToString() => Outer is null ? $"{Inner}" : $"{Inner}={Outer}";
}
