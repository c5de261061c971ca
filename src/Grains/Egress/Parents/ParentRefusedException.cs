using System.Diagnostics.CodeAnalysis;

namespace Granary.Grains.Egress.Parents;

/// <summary>A parent that does not do what it is asked: it fails, and another may be tried. Its text names no address, and nothing that it said but numbers.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without a reason it would say nothing.")]
[SuppressMessage("Design", "CA1064", Justification = "It does not leave this room.")]
internal sealed class ParentRefusedException(string reason) : IOException(reason);
