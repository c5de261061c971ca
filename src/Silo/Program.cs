namespace Granary.Silo;

public static class Program
{
    public static void Main()
    {
    }
}
