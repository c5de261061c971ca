namespace Granary.Edge;

public static class Program
{
    public static void Main()
    {
    }
}
