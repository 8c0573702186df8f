using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Functions.Access;

/// <summary>Request limits per caller. A burst may use up to ten seconds' worth of requests at once. Section <c>Access</c>.</summary>
public sealed record AccessOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Access";

    /// <summary>Read requests per second, 1 to 100,000; 500 by default.</summary>
    [Range(1, 100_000)]
    public int ReadsPerSecond { get; init; } = 500;

    /// <summary>Requests that make changes, per second: 1 to 100,000; 50 by default.</summary>
    [Range(1, 100_000)]
    public int ChangesPerSecond { get; init; } = 50;

    /// <summary>Requests that send ticks, per second: 1 to 1,000,000; 10,000 by default, more than this service can handle.</summary>
    [Range(1, 1_000_000)]
    public int CommandsPerSecond { get; init; } = 10_000;
}
