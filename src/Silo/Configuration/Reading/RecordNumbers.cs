namespace Granary.Silo.Configuration.Reading;

/// <summary>The numbers of records in keys. Where all records are meant, 0 stands for every number.</summary>
internal static class RecordNumbers
{
    private const int MostDigits = 4;

    /// <summary>Written in one way only: <c>07</c> would be another key for the same record.</summary>
    public static bool IsNumber(string part) => part.Length is > 0 and <= MostDigits && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0');

    /// <summary><c>Granary:Tcp:3:Listen</c> becomes <c>Granary:Tcp:0:Listen</c>.</summary>
    public static string Take(string key) => string.Join(':', key.Split(':').Select(static part => IsNumber(part) ? "0" : part));

    /// <summary>The numbers of <paramref name="from"/>, in their order, in place of the zeros.</summary>
    public static string PutBack(string told, string from)
    {
        var numbers = new Queue<string>(from.Split(':').Where(IsNumber));
        return string.Join(':', told.Split(':').Select(part => part == "0" && numbers.TryDequeue(out var number) ? number : part));
    }
}
