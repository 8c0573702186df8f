namespace CloudTicks.Deployment.Tests;

/// <summary>
/// Dependencies between the folders of a project are acyclic. The compiler does not check this, so the test reads the sources.
/// </summary>
public class FolderDependencyTests
{
    private const string EventHub = "CloudTicks.EventHub";

    /// <summary>
    /// The event hub's folders from the bottom layer up; each uses only those before it. Settings and Metrics are low because most folders
    /// read a setting or count something. Security is below the APIs, two of which authenticate clients; Connections calls the APIs, and
    /// Hosting starts everything.
    /// </summary>
    private static readonly string[] EventHubFolders =
    [
        "Shares", "Wire", "Records", "Disks", "Settings", "Metrics", "Wal", "Partitions", "Topics", "Compaction", "Groups", "Broker",
        "Security",
        "Apis", "Connections", "Hosting",
    ];

    public static TheoryData<string> Projects { get; } = [.. Repository.Projects().Select(project => project.Name)];

    [Fact]
    public void Folders_of_the_event_hub_use_only_lower_layers() =>
        SourceDependencies.BetweenFolders($"src/{EventHub}", EventHub)
            .Where(arrow => Array.IndexOf(EventHubFolders, arrow.To) >= Array.IndexOf(EventHubFolders, arrow.From))
            .Order().ShouldBeEmpty();

    [Fact]
    public void Every_folder_of_the_event_hub_has_a_layer() =>
        Repository.Files($"src/{EventHub}", "*.cs").Select(path => path.Split('/')).Where(parts => parts.Length > 3)
            .Select(parts => parts[2]).Distinct()
            .ShouldBe(EventHubFolders, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_have_no_circular_dependencies(string project)
    {
        var (name, root) = Repository.Projects().Single(p => p.Name == project);

        SourceDependencies.InCycles(SourceDependencies.BetweenFolders(root, name)).ShouldBeEmpty();
    }
}
