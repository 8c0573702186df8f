using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Dashboard;

/// <summary>The settings of the page, section <c>Dashboard</c>.</summary>
internal sealed class DashboardOptions
{
    public const string Section = "Dashboard";

    /// <summary>The functions: history, documents, rollouts. Their hub tells whose a key is.</summary>
    [Required]
    public Uri Functions { get; set; } = new("http://127.0.0.1:7071");

    /// <summary>The collectors; where none is named, the one on this machine.</summary>
    public IList<Uri> Collectors { get; } = [];

    /// <summary>The relay; null where none runs.</summary>
    public Uri? Relay { get; set; }

    /// <summary>The health of the event hub; empty where it has none that can be asked, as in Azure.</summary>
    public string EventHubHealth { get; set; } = "http://127.0.0.1:9093/health";

    [Range(1, 1_000)]
    public int StreamsPerClient { get; set; } = 8;

    [Range(1, 10_000)]
    public int Streams { get; set; } = 256;

    /// <summary>What the folder of simulated ticks may hold, which the page says; null where everything is kept. AppHost sets it.</summary>
    [Range(1, long.MaxValue)]
    public long? MaxDiskBytes { get; set; }

    /// <summary>Symbols that the board has rows for; ticks of others are counted.</summary>
    [Range(1, 200_000)]
    public int Symbols { get; set; } = 20_000;
}
