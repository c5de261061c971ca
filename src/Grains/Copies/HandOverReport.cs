namespace Granary.Grains.Copies;

/// <summary>What became of all that a silo kept.</summary>
/// <param name="Given">Taken by others.</param>
/// <param name="There">Others had it as good already.</param>
/// <param name="Refused">Not taken, for whatever reason.</param>
/// <param name="Left">Not offered before the time was over.</param>
/// <param name="Bytes">Content of those given.</param>
public sealed record HandOverReport(int Given, int There, int Refused, int Left, long Bytes, TimeSpan Duration);
