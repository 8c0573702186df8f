using System.CommandLine;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Sql;
using CloudTicks.EventStream;
using CloudTicks.Lake;
using CloudTicks.Lake.Native;
using CloudTicks.LocalServices.Installation;

namespace CloudTicks.Cli.Lakes;

/// <summary><c>cloudticks lake</c>: shows, repairs and extends the lake, the Parquet files with the whole history.</summary>
internal static class LakeCommand
{
    private const string Description = $"""
        Show, repair and extend the lake: the Parquet files with every tick of the archive.

        The lake is that of --lake, else of Lake__Folder, else of the AppHost. 'cloudticks sql' queries it, and 'cloudticks verify --check
        lake' compares it with the archive.
        {TargetSystem.Rule}
        Exit code: 0 done; 1 something is damaged, or could not be read or written; 2 wrong usage, or the lake or a library was not
        found; 130 stopped.

        Examples:
          cloudticks lake status
          cloudticks lake status --json | jq .bytes_per_tick
          cloudticks lake import 2024-01-02.csv.gz --dry-run
          cloudticks lake repair --dry-run
        """;

    /// <summary>The option for the lake's folder or address, which all <c>lake</c> commands share.</summary>
    public static readonly Option<string?> Folder =
        new(SqlCommand.LakeOption) { Description = "The folder or address of the lake", HelpName = "lake" };

    public static Command Create() =>
        new("lake", Description) { LakeStatusCommand.Create(), LakeImportCommand.Create(), LakeRepairCommand.Create() };

    /// <summary>Adds the common options to a command; a failure ends it with a message and an exit code.</summary>
    /// <param name="createsFolder">Whether the command creates a missing folder.</param>
    public static Command OnLake(
        this Command command, bool isChange, Func<LakeTarget, ParseResult, CancellationToken, Task<int>> run, bool createsFolder = false)
    {
        foreach (var option in (Option[])[Folder, TargetSystem.Data, HubOptions.Json, HubOptions.Color])
        {
            command.Add(option);
        }

        command.SetAction((result, _) => RunAsync(result, isChange, createsFolder, run));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult result, bool isChange, bool createsFolder, Func<LakeTarget, ParseResult, CancellationToken, Task<int>> run)
    {
        using var interruption = new Interruption();
        var console = HubConsole.Of(result);
        try
        {
            var system = TargetSystem.Of(result, isChange);
            var named = result.GetValue(Folder);
            var folder = LakeLocation.FindAddress(named) ?? LakeLocation.Find(named, system, createsFolder) ?? throw new FormatException(
                $"There is no lake here: name its folder with {SqlCommand.LakeOption} or {LakeLocation.Variable}, or start AppHost with "
                    + "--lake.");
            Servers.UseFetchedClientLibraries();
            var target = new LakeTarget(folder, system, console, result.GetValue(HubOptions.Json), TimeProvider.System);
            return await run(target, result, interruption.Token);
        }
        catch (Exception exception) when (exception is FormatException or DllNotFoundException or LocalServicesUnavailableException)
        {
            console.Error(exception.Message);
            return ExitCodes.Usage;
        }
        catch (Exception failed) when (
            failed is LakeException or IOException or UnauthorizedAccessException or DuckDbException or EventStreamException)
        {
            console.Error(failed.Message);
            return ExitCodes.Incomplete;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }
}
