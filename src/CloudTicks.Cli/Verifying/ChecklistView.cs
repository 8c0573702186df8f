using CloudTicks.Cli.Hub;
using CloudTicks.Verification.Checklist;
using CloudTicks.Verification.Findings;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Verifying;

/// <summary>The checklist as text: one line for each check as soon as it ends, then the differences and the remedy, if any.</summary>
internal sealed class ChecklistView(HubConsole console)
{
    private const string Indentation = "                     ";
    private const int NameWidth = 14;

    public void Begin(VerifyTargets places)
    {
        var system = places.OperatedSystem;
        console.Heading(
            $"{(places.RunningAppHost is { } running ? $"The {running.Feed} feed of the running AppHost" : "The system")}: hub "
                + $"{system.Hub.Address.Authority}, "
            + $"collector {string.Join(", ", system.Collectors.Select(collector => collector.Address.Authority))}, event hub "
                + $"{system.Stream.BootstrapServers}, NATS {system.Nats}");
    }

    public void Show(CheckResult line)
    {
        var text = $"{line.Name.PadRight(NameWidth)} {line.Title}. {line.Finding.Sentence}";
        switch (line.Finding.State)
        {
            case CheckState.Pass:
                console.Success($"PASS  {text}");
                break;
            case CheckState.Fail:
                console.Failure($"FAIL  {text}");
                break;
            case CheckState.Skipped:
                console.Line($"-     {text}");
                break;
            default:
                console.Warning($"?     {text}");
                break;
        }

        foreach (var difference in Differences(line))
        {
            console.Line($"{Indentation}{difference}");
        }

        if (line.Finding.Cure is { } cure)
        {
            console.Line($"{Indentation}{cure}");
        }
    }

    public void End(IReadOnlyList<CheckResult> results)
    {
        var (passed, failed) =
            (results.Count(line => line.Finding.State == CheckState.Pass), results.Count(line => line.Finding.State == CheckState.Fail));
        var skipped = results.Where(line => line.Finding.State == CheckState.Skipped).Select(line => line.Name).ToList();
        var performed = results.Count - skipped.Count;
        var undecided = performed - passed - failed;
        console.Heading($"{Counted.Of(performed, "check")}: {passed} passed, {failed} failed, {undecided} could not be checked"
            + $"{(skipped.Count > 0 ? $"; skipped: {string.Join(", ", skipped)}" : "")}.");
    }

    private static IEnumerable<string> Differences(CheckResult line) =>
        (line.Finding.Facts?["differences"]?.AsArray() ?? []).Select(difference => difference?["text"]?.GetValue<string>() ?? "");
}
