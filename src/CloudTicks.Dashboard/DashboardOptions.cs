using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Dashboard;

/// <summary>The dashboard's settings, section <c>Dashboard</c>.</summary>
internal sealed class DashboardOptions
{
    public const string Section = "Dashboard";

    /// <summary>The address of the functions, which serve history, documents and rollouts, and check keys.</summary>
    [Required]
    public Uri Functions { get; set; } = new("http://127.0.0.1:7071");

    /// <summary>The addresses of the collectors; by default the one on this machine.</summary>
    public IList<Uri> Collectors { get; } = [];

    /// <summary>The address of the relay; null if there is no relay.</summary>
    public Uri? Relay { get; set; }

    /// <summary>The health endpoint of the event hub; empty if it has none, as in Azure.</summary>
    public string EventHubHealth { get; set; } = "http://127.0.0.1:9093/health";

    [Range(1, 1_000)]
    public int StreamsPerClient { get; set; } = 8;

    [Range(1, 10_000)]
    public int Streams { get; set; } = 256;

    /// <summary>The size limit of the simulated feed's folder in bytes, for display; null without a limit. AppHost sets it.</summary>
    [Range(1, long.MaxValue)]
    public long? MaxDiskBytes { get; set; }

    /// <summary>The maximum number of symbols on the board; ticks of further symbols are only counted.</summary>
    [Range(1, 200_000)]
    public int Symbols { get; set; } = 20_000;
}
