using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CloudTicks.LocalServices.Processes;

namespace AppHost.Tests.Documents;

/// <summary>
/// Tests every command of the pages by its rule in <see cref="CommandRules"/>. Most commands run in a shell, against one system, and their
/// output is compared with that in the page.
/// </summary>
[Collection("AppHost")]
public sealed partial class DocumentedCommandsTests(DocumentedSystem system, ITestOutputHelper output) : IClassFixture<DocumentedSystem>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> PagesWithCommands =>
        [.. Page.Paths.Where(path => Page.Read(path).Blocks.Any(block => block.Commands.Count > 0))];

    [Fact]
    public void Every_block_names_its_language_and_commands_are_in_sh()
    {
        foreach (var path in Page.Paths)
        {
            foreach (var block in Page.Read(path).Blocks)
            {
                block.Language.ShouldNotBeEmpty($"{path}, line {block.Line}: a fence without a language; commands are sh, others text");
                if (block.Commands.Count == 0)
                {
                    CommandStart().Matches(block.Text).ShouldBeEmpty($"{path}, line {block.Line}: a command outside of sh");
                }
            }
        }
    }

    [Fact]
    public void Every_rule_matches_a_command()
    {
        var commands = Page.Paths.SelectMany(path => Page.Read(path).Blocks).SelectMany(block => block.Commands).ToList();

        commands.Count.ShouldBeGreaterThan(150);
        CommandRules.All.Where(rule => commands.All(command => RuleOf(command) != rule)).Select(rule => rule.Pattern).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(PagesWithCommands))]
    public async Task Commands_print_the_documented_output(string path)
    {
        var (faults, started) = (new List<string>(), TimeProvider.System.GetTimestamp());
        var state = "";
        // The commands of docs/simulator.md interrupt the feed, so they get their own simulator.
        system.Simulator = path == "docs/simulator.md" ? await system.StartSimulatorAsync() : null;
        foreach (var block in Page.Read(path).Blocks)
        {
            foreach (var command in block.Commands)
            {
                var rule = RuleOf(command);
                var fault = rule switch
                {
                    null => "no rule of CommandRules matches it",
                    { TestMode: TestMode.Options } => await OptionsFaultAsync(command.Text),
                    { TestMode: TestMode.Present } => MissingFileFault(rule),
                    _ => await RunAsync(rule, command, state),
                };
                if (rule is { TestMode: TestMode.State })
                {
                    state += $"{command.Text}\n";
                }

                output.WriteLine($"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:F1} s after the start: {command.Text}");
                if (fault.Length > 0)
                {
                    faults.Add($"{path}, block of line {block.Line}: {command.Text}\n  {fault}");
                }
            }
        }

        faults.ShouldBeEmpty(string.Join("\n\n", faults));
    }

    [Fact]
    public async Task Example_consumers_read_the_archive_and_draw_the_chart()
    {
        // The commands run one by one, so that a failure names the one that hangs. kcat ends only when no partition has had new records for
        // a moment.
        foreach (var command in (string[])
        [
            "protoc -I src/CloudTicks.Ticks/Batches --python_out=examples/python tick_batch.proto",
            "python3 examples/python/read_archive.py 127.0.0.1:9092 EURUSD --group test-python > python.txt",
            """
            CLOUDTICKS_LIBRDKAFKA=$(echo ~/.cache/cloudticks/local-services-*/client/librdkafka.so) \
              dotnet run --project examples/csharp/ReadArchive -- 127.0.0.1:9092 EURUSD test-csharp > csharp.txt
            """,
            """
            timeout 30 kcat -b 127.0.0.1:9092 -C -t tick_archive -o beginning -e -q -f '%R%s' | cloudticks decode --symbol EURUSD \
              | jq -r '"\(.timestamp_ms) \(.bid) \(.ask)"' > decoded.txt
            """,
            "python3 examples/python/chart.py 127.0.0.1:7071 EURUSD chart.png",
        ])
        {
            var result = await system.RunAsync(command, Cancellation);
            result.ExitCode.ShouldBe(0, $"{command}\n{result.Both}");
        }

        // Ticks keep arriving between the commands, so each output begins with the content of the previous one.
        var (python, csharp, decoded) = (Lines("python.txt"), Lines("csharp.txt"), Lines("decoded.txt"));
        python.Length.ShouldBeGreaterThan(10);
        csharp.Take(python.Length).ShouldBe(python);
        decoded.Take(csharp.Length).ShouldBe(csharp);
        var image = await File.ReadAllBytesAsync(Path.Combine(system.HomeFolder, "chart.png"), Cancellation);
        image[1..4].ShouldBe("PNG"u8.ToArray());
        image.Length.ShouldBeGreaterThan(10_000);

        string[] Lines(string file) => File.ReadAllLines(Path.Combine(system.HomeFolder, file));
    }

    [Fact]
    public async Task Queries_of_the_Grafana_dashboard_work_for_a_reader()
    {
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(
            Path.Combine(ProgramPath.RepositoryRoot, "infra/telemetry/grafana-dashboard.json"), Cancellation))!;
        var queries = dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray())
            .Select(target => target!["rawSql"]?.GetValue<string>()).OfType<string>()
            .Append(dashboard["templating"]!["list"]![2]!["query"]!.GetValue<string>()).ToList();

        queries.Count.ShouldBe(4);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var query in queries)
        {
            var sql = query.Replace("${symbol:sqlstring}", "'EURUSD'", StringComparison.Ordinal)
                .Replace("$__interval_ms", "1000", StringComparison.Ordinal)
                .Replace("${__from}", $"{now - 600_000}", StringComparison.Ordinal)
                .Replace("${__to}", $"{now}", StringComparison.Ordinal);
            sql.ShouldNotContain("$");
            var result = await system.RunAsync(
                $"""
                PGPASSFILE=.cloudticks/simulated/postgres/cloudticks.pgpass psql -h 127.0.0.1 -p 5433 -U postgres cloudticks_simulated -qAt <<'EOF'
                SET ROLE cloudticks_reader;
                {sql}
                EOF
                """,
                Cancellation);

            result.Errors.ShouldBeEmpty(sql);
            result.Output.ShouldNotBeEmpty(sql);
        }
    }

    private static Rule? RuleOf(Command command) => CommandRules.All.FirstOrDefault(rule => rule.Matches(command.Text));

    private async Task<string> RunAsync(Rule rule, Command command, string state)
    {
        var until = rule.TestMode == TestMode.Start ? new Regex(rule.ExpectedOutput, RegexOptions.Multiline) : null;
        var result = await system.RunAsync($"{state}{rule.Before}\n{command.Text}", Cancellation, until);
        if (until is null && !rule.ExitCodes.Contains(result.ExitCode))
        {
            return $"exit code {result.ExitCode}:\n{result.Both}";
        }

        if (!Regex.IsMatch(result.Both, rule.ExpectedOutput, RegexOptions.Multiline))
        {
            return $"'{rule.ExpectedOutput}' is not in:\n{result.Both}";
        }

        var difference = command.DocumentedOutput is { } shown && rule.NotCompared.Length == 0 ? OutputDiff.Compare(shown, result) : "";
        return difference.Length > 0 ? $"{difference}\nin:\n{result.Both}" : "";
    }

    /// <summary>Checks that each option is in the help of its program.</summary>
    private async Task<string> OptionsFaultAsync(string command)
    {
        var program = command.Contains("--project AppHost", StringComparison.Ordinal) ? DotNetProgram.Command + " " + ProgramPath.AppHost
            : command.Contains(" stream ", StringComparison.Ordinal) ? "cloudticks stream"
            : command.Contains(" lake import ", StringComparison.Ordinal) ? "cloudticks lake import"
            : $"dotnet run --project src/{Service().Match(command).Value} --";
        var help = await system.RunAsync($"{program} --help", Cancellation);
        var unknown = Option().Matches(command)
            .Select(match => match.Value.Contains(':', StringComparison.Ordinal) ? "--Section:Name" : match.Value)
            .Where(option => !Regex.IsMatch(help.Output, $@"(?<![\w-]){option}(?![\w-])")).ToList();
        return help.ExitCode != 0 ? help.Both : unknown.Count == 0 ? "" : $"{string.Join(", ", unknown)} is not in:\n{help.Output}";
    }

    private static string MissingFileFault(Rule rule)
    {
        var (path, texts) = rule.File!.Value;
        var file = Path.Combine(ProgramPath.RepositoryRoot, path);
        return rule.Reason.Length == 0 ? "its rule has no reason"
            : !File.Exists(file) ? $"{path} does not exist"
            : texts.FirstOrDefault(text => !File.ReadAllText(file).Contains(text, StringComparison.Ordinal)) is { } text
                ? $"{path} has no {text}"
                : "";
    }

    [GeneratedRegex(@"CloudTicks\.\w+")]
    private static partial Regex Service();

    [GeneratedRegex(@"(?<=[ \[])--(?!project)[a-zA-Z][\w:-]*(?=[ \]]|$)")]
    private static partial Regex Option();

    [GeneratedRegex(
        @"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:cloudticks|dotnet|curl|kcat|psql|docker|kubectl|azd|az|npm|python3|nats) .*$",
        RegexOptions.Multiline)]
    private static partial Regex CommandStart();
}
