using System.Xml.Linq;

namespace CloudTicks.Deployment.Tests;

/// <summary>Dependencies between the projects: each may use only those in its row of this table, directly or indirectly.</summary>
public class ProjectDependencyTests
{
    /// <summary>The rows, from the bottom layer up; a row names only projects of the rows above it.</summary>
    private static readonly (string Project, string[] MayUse)[] Rows =
    [
        ("CloudTicks.Foundations", []),
        ("CloudTicks.Ticks", []),
        ("ServiceDefaults", []),
        ("CloudTicks.LocalServices", ["CloudTicks.Foundations"]),
        ("CloudTicks.Messaging", ["CloudTicks.Foundations"]),
        ("CloudTicks.Polygon", ["CloudTicks.Foundations", "CloudTicks.Ticks"]),
        // The server side of Polygon's protocol, for the simulator and the relay.
        ("CloudTicks.Polygon.Serving", ["CloudTicks.Foundations", "CloudTicks.Ticks"]),
        ("CloudTicks.EventStream", ["CloudTicks.Foundations", "CloudTicks.Ticks"]),
        ("CloudTicks.Lake", ["CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.EventStream"]),
        ("CloudTicks.Timescale", ["CloudTicks.Foundations", "CloudTicks.Ticks"]),
        // Extends the table's history with the lake's.
        ("CloudTicks.History", ["CloudTicks.Ticks", "CloudTicks.Lake", "CloudTicks.Timescale"]),
        ("CloudTicks.CentralHub", ["CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.Messaging", "ServiceDefaults"]),
        ("CloudTicks.CentralHub.Store", ["CloudTicks.Foundations"]),
        // The schemas of our services' documents; the central hub itself contains none.
        ("CloudTicks.ServiceDocuments", ["CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.CentralHub"]),
        ("CloudTicks.Replay", ["CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.EventStream", "CloudTicks.Timescale"]),
        ("CloudTicks.Collection",
        [
            "CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.Messaging", "CloudTicks.Polygon", "CloudTicks.EventStream",
            "CloudTicks.CentralHub", "ServiceDefaults",
        ]),
        ("CloudTicks.Verification",
        [
            "CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.Messaging", "CloudTicks.EventStream", "CloudTicks.Timescale",
            "CloudTicks.Lake", "CloudTicks.Replay", "ServiceDefaults",
        ]),
        // A generic broker without any code for ticks.
        ("CloudTicks.EventHub", ["CloudTicks.Foundations", "ServiceDefaults"]),
        ("CloudTicks.Simulator", ["CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.Polygon.Serving", "ServiceDefaults"]),
        ("CloudTicks.Collector",
        [
            "CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.CentralHub", "CloudTicks.ServiceDocuments", "CloudTicks.Collection",
            "ServiceDefaults",
        ]),
        ("CloudTicks.Functions.Hosting", ["CloudTicks.Foundations", "CloudTicks.EventStream", "ServiceDefaults"]),
        ("CloudTicks.Functions",
        [
            "CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.Messaging", "CloudTicks.EventStream", "CloudTicks.Timescale",
            "CloudTicks.CentralHub", "CloudTicks.CentralHub.Store", "CloudTicks.ServiceDocuments", "CloudTicks.Functions.Hosting",
            "CloudTicks.Lake", "CloudTicks.History", "ServiceDefaults",
        ]),
        ("CloudTicks.Dashboard",
            ["CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.Messaging", "CloudTicks.CentralHub", "ServiceDefaults"]),
        ("CloudTicks.Relay",
        [
            "CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.Polygon", "CloudTicks.Polygon.Serving", "CloudTicks.EventStream",
            "CloudTicks.Lake", "CloudTicks.Timescale", "CloudTicks.History", "CloudTicks.CentralHub", "CloudTicks.ServiceDocuments",
            "ServiceDefaults",
        ]),
        ("CloudTicks.Cli",
        [
            "CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.Messaging", "CloudTicks.Polygon", "CloudTicks.EventStream",
            "CloudTicks.Timescale", "CloudTicks.CentralHub", "CloudTicks.CentralHub.Store", "CloudTicks.ServiceDocuments",
            "CloudTicks.Lake", "CloudTicks.Replay", "CloudTicks.Collection", "CloudTicks.Verification", "CloudTicks.LocalServices",
            "ServiceDefaults",
        ]),
        // AppHost starts the services as programs. It also compiles one source file of the Cli.
        ("CloudTicks.AppHost",
        [
            "CloudTicks.Foundations", "CloudTicks.Ticks", "CloudTicks.LocalServices", "CloudTicks.Messaging", "CloudTicks.EventStream",
            "CloudTicks.Timescale", "CloudTicks.Verification", "CloudTicks.Cli", "ServiceDefaults",
        ]),
    ];

    private static readonly string[] Projects = [.. Rows.Select(row => row.Project)];

    public static TheoryData<string> Names { get; } = [.. Projects];

    [Fact]
    public void Every_project_has_a_row() => Repository.Projects().Select(project => project.Name).ShouldBe(Projects, ignoreOrder: true);

    [Fact]
    public void Rows_only_name_lower_layers()
    {
        foreach (var (project, mayUse) in Rows)
        {
            mayUse.Where(used => Array.IndexOf(Projects, used) >= Array.IndexOf(Projects, project)).ShouldBeEmpty(project);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Project_uses_only_the_projects_of_its_row(string project)
    {
        var (_, root) = Repository.Projects().Single(p => p.Name == project);
        var mayUse = Rows.Single(row => row.Project == project).MayUse;

        SourceDependencies.ToProjects(root, Projects).Except([.. mayUse, project]).ShouldBeEmpty("in the sources");
        References(root).Except([.. mayUse, project]).ShouldBeEmpty("in the project file");
    }

    /// <summary>What a project compiles against; programs that are only built and started do not count.</summary>
    private static IEnumerable<string> References(string root) =>
        from file in Repository.Files(root, "*.csproj")
        from reference in XDocument.Parse(Repository.Text(file)).Descendants("ProjectReference")
        where (string?)reference.Attribute("ReferenceOutputAssembly") != "false"
        let path = reference.Attribute("Include")!.Value
        where path.EndsWith(".csproj", StringComparison.Ordinal)
        select Repository.NameOf(path);
}
