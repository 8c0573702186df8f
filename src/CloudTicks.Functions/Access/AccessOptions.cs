using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Functions.Access;

/// <summary>How fast one caller may ask. Ten seconds' worth may come at once. Section <c>Access</c>.</summary>
public sealed record AccessOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Access";

    /// <summary>Requests a second that read, 1 to 100,000; 500 by default.</summary>
    [Range(1, 100_000)]
    public int ReadsPerSecond { get; init; } = 500;

    /// <summary>Requests a second that change something, 1 to 100,000; 50 by default.</summary>
    [Range(1, 100_000)]
    public int ChangesPerSecond { get; init; } = 50;

    /// <summary>Requests a second that bring ticks, 1 to 1,000,000; 10,000 by default, more than this can take.</summary>
    [Range(1, 1_000_000)]
    public int CommandsPerSecond { get; init; } = 10_000;
}
