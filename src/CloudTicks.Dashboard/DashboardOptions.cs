using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Dashboard;

/// <summary>The settings of the page, section <c>Dashboard</c>.</summary>
internal sealed class DashboardOptions
{
    public const string Section = "Dashboard";

    /// <summary>The functions: history, documents, rollouts. Their hub identifies keys.</summary>
    [Required]
    public Uri Functions { get; set; } = new("http://127.0.0.1:7071");

    /// <summary>The collectors; by default the one on this machine.</summary>
    public IList<Uri> Collectors { get; } = [];

    /// <summary>The relay; null without one.</summary>
    public Uri? Relay { get; set; }

    /// <summary>The health endpoint of the event hub; empty if it has none, as in Azure.</summary>
    public string EventHubHealth { get; set; } = "http://127.0.0.1:9093/health";

    [Range(1, 1_000)]
    public int StreamsPerClient { get; set; } = 8;

    [Range(1, 10_000)]
    public int Streams { get; set; } = 256;

    /// <summary>The bound of the simulated feed's folder, bytes, for display; null without a bound. AppHost sets it.</summary>
    [Range(1, long.MaxValue)]
    public long? MaxDiskBytes { get; set; }

    /// <summary>The maximum number of rows; ticks of further symbols are only counted.</summary>
    [Range(1, 200_000)]
    public int Symbols { get; set; } = 20_000;
}
