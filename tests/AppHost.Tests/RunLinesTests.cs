using System.Text.Json;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.TestServices;

namespace AppHost.Tests;

public sealed class RunLinesTests : IDisposable
{
    private readonly StringWriter _output = new();

    [Fact]
    public void Own_line_has_part_time_level_and_text()
    {
        using var lines = Lines();

        lines.Write("run", LineLevel.Warning, "not everything\nhas drained");

        Written().Single().ShouldMatch(@"^run          \| \d\d:\d\d:\d\d\.\d{3} WARNING not everything / has drained$");
    }

    [Fact]
    public void Level_filters_own_lines_but_not_requested_output()
    {
        using var lines = Lines(LineLevel.Warning);

        lines.Write("run", "everything is running");
        lines.Write("nats-1", LineLevel.Warning, "ended");
        lines.WriteRequested("proof", LineLevel.Info, "every tick arrived");

        Written().Select(line => line.Split(' ')[0]).ShouldBe(["nats-1", "proof"]);
    }

    [Fact]
    public void Json_line_names_its_part()
    {
        using var lines = Lines(json: true);

        lines.Write("run", "a \"word\"");
        lines.Forward("collector", """{"time":"t","level":"WARNING","category":"A.B","message":"m","values":{"n":1}}""", isError: false);
        lines.Forward("simulator", "it does not start", isError: true);
        lines.Forward("simulator", "{no json", isError: false);

        var objects = Written().Select(line => JsonDocument.Parse(line).RootElement).ToList();
        objects.Select(line => line.GetProperty("part").GetString()).ShouldBe(["run", "collector", "simulator", "simulator"]);
        objects.Select(line => line.GetProperty("level").GetString()).ShouldBe(["INFO", "WARNING", "ERROR", "INFO"]);
        objects[0].GetProperty("message").GetString().ShouldBe("a \"word\"");
        objects[1].GetProperty("values").GetProperty("n").GetInt32().ShouldBe(1);
        objects[3].GetProperty("message").GetString().ShouldBe("{no json");
    }

    [Fact]
    public void Lines_are_only_in_the_file_while_the_table_is_shown()
    {
        using var folder = new TemporaryFolder();
        using (var lines = Lines())
        {
            lines.BeginFile(folder.File("apphost.log"));
            lines.Write("run", "one");
            lines.ShowTable(true);
            lines.Write("run", "two");
            lines.ShowTable(false);
            lines.Write("run", "three");
        }

        Written().Select(line => line.Split(' ')[^1]).ShouldBe(["one", "three"]);
        File.ReadLines(folder.File("apphost.log")).Select(line => line.Split(' ')[^1]).ShouldBe(["one", "two", "three"]);
    }

    [Theory]
    [InlineData("10:11:12.345 WARNING StoreTicksHandler  32 records are not stored yet")]
    [InlineData("""{"level":"WARNING","category":"CloudTicks.Functions.StoreTicksHandler","message":"32 records are not stored yet"}""")]
    public void Warning_of_a_service_is_its_last_problem(string line)
    {
        using var lines = Lines();

        lines.Forward("functions", line, isError: false);
        lines.Forward("functions", "10:11:13.000 INFO  StoreTicksHandler  stored", isError: false);

        lines.ProblemOf("functions")!.Message.ShouldBe("32 records are not stored yet");
        lines.Newest().Warnings.Count.ShouldBe(1);
        lines.Newest().All.Count.ShouldBe(2);
        lines.LastMessageOf("functions").ShouldBe("stored");
        lines.ProblemOf("collector").ShouldBeNull();
    }

    public void Dispose() => _output.Dispose();

    private RunLines Lines(LineLevel minLevel = LineLevel.Info, bool json = false) => new(_output, minLevel, json, TimeProvider.System);

    private string[] Written() => _output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
