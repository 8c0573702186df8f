using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Tables;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;

namespace CloudTicks.Deployment.Tests;

/// <summary>What <c>benchmarks/run</c> writes into docs/performance.md.</summary>
public sealed class PerformanceTablesTests : IDisposable
{
    private const string Page =
        """
        # Performance

        <!-- table: cost -->
        Commit 11111111.

        | old |
        <!-- end of table -->

        Between them.

        <!-- table: latency -->
        Commit 22222222.
        <!-- end of table -->
        The end.

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();

    [Fact]
    public void Every_benchmark_has_a_table_and_a_line_in_the_readme()
    {
        var names = Benchmark.All.Select(benchmark => benchmark.Name).ToList();
        var readme = Repository.Text("benchmarks/README.md");

        PerformancePage.Tables(Repository.Text("docs/performance.md")).Order().ShouldBe(names.Order());
        names.Where(name => !readme.Contains($"| `{name}` |", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_benchmark_program_is_in_the_list()
    {
        string[] others = ["Comparing", "Tables"]; // shared code, and the program that runs the benchmarks

        Repository.Files("benchmarks", "*.csproj").Select(file => Path.GetFileName(Path.GetDirectoryName(file))!).Except(others).Order()
            .ShouldBe(Benchmark.All.Select(benchmark => benchmark.Project).Order());
    }

    [Fact]
    public async Task Only_the_measured_table_is_replaced()
    {
        (await RunAsync(["latency"], (benchmark, _) => Task.FromResult($"Commit 33333333, {benchmark.Name}.\n\n| new |\n"))).ShouldBe(0);

        PageText().ShouldBe(Page.Replace("Commit 22222222.", "Commit 33333333, latency.\n\n| new |", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failed_benchmark_keeps_its_table_and_others_still_run()
    {
        (await RunAsync(["cost", "latency"], (benchmark, _) =>
            benchmark.Name == "cost" ? throw new InvalidOperationException("No disk.") : Task.FromResult("Commit 33333333."))).ShouldBe(1);

        PageText().ShouldBe(Page.Replace("22222222", "33333333", StringComparison.Ordinal));
        _output.ToString().ShouldContain("cost failed, and its table is unchanged: No disk.");
    }

    [Fact]
    public async Task Table_without_markers_is_refused_before_measuring()
    {
        var measuredCount = 0;

        await Should.ThrowAsync<BenchmarkException>(() => RunAsync(["cost", "hub"], (_, _) =>
        {
            measuredCount++;
            return Task.FromResult("");
        }));

        measuredCount.ShouldBe(0);
        PageText().ShouldBe(Page);
    }

    [Theory]
    [InlineData("<!-- table: cost -->\n<!-- table: cost -->\n<!-- end of table -->", 1)]
    [InlineData("<!-- table: cost -->\n| 1 |", 0)]
    [InlineData("<!-- table: cost --><!-- end of table --><!-- table: cost --><!-- end of table -->", 2)]
    public void Table_without_end_marker_does_not_overwrite_the_next(string page, int tableCount) =>
        PerformancePage.Tables(page).Count.ShouldBe(tableCount);

    [Fact]
    public void Unknown_benchmark_name_is_rejected() => Should.Throw<BenchmarkException>(() => TableRun.Named(["cost", "costs"])).Message
        .ShouldContain("Unknown benchmark costs; choose from: cost, ");

    [Fact]
    public async Task Uncommitted_changes_are_refused_unless_allowed_and_named()
    {
        await GitAsync("init", "--quiet");
        await File.WriteAllTextAsync(_folder.File("code"), "1", Cancellation);
        await GitAsync("add", ".");
        await GitAsync("-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "-m", "One");
        await File.WriteAllTextAsync(_folder.File("page.md"), Page, Cancellation);
        (await CommitAsync(isDirtyAllowed: false)).ShouldMatch("^[0-9a-f]{8}$");

        await File.WriteAllTextAsync(_folder.File("code"), "2", Cancellation);

        (await Should.ThrowAsync<BenchmarkException>(() => CommitAsync(isDirtyAllowed: false))).Message.ShouldContain("M code");
        (await CommitAsync(isDirtyAllowed: true)).ShouldEndWith(" with uncommitted changes");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
    }

    private Task<string> CommitAsync(bool isDirtyAllowed) =>
        WorkTree.CommitAsync(_folder.Path, "page.md", isDirtyAllowed, Cancellation);

    private async Task GitAsync(params string[] arguments) => (await ChildProcess.RunAsync(
        new ChildProcessOptions { FileName = "git", Arguments = ["-C", _folder.Path, .. arguments] }, Cancellation)).ShouldBe(0);

    private async Task<int> RunAsync(string[] names, Func<Benchmark, CancellationToken, Task<string>> measure)
    {
        await File.WriteAllTextAsync(_folder.File("page.md"), Page, Cancellation);
        return await new TableRun(_folder.File("page.md"), measure, _output)
            .RunAsync(TableRun.Named(names), Cancellation);
    }

    private string PageText() => File.ReadAllText(_folder.File("page.md"));
}
