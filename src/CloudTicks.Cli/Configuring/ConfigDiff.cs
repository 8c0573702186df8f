using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Lists;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;

namespace CloudTicks.Cli.Configuring;

/// <summary><c>cloudticks config diff</c>: compares two versions, or a file with the document in force.</summary>
internal static class ConfigDiff
{
    private const string Description = """
        Show the differences between two versions: as lines of JSON, and in plain language.

        Without a version, it compares the newest version with the one before; with one version, that version with the newest; with --file,
        the newest version with the document in the file.
        """;

    private static readonly Argument<string[]> Arguments = ConfigArguments.Argument("[from [to]]", "Versions; 0 is the defaults.");

    private static readonly Option<FileInfo?> WithFile =
        new("--file") { Description = "A file with a whole document, which is compared with the document in force", HelpName = "file" };

    public static Command Create() => new Command("diff", Description) { Arguments, WithFile }.OnHub(RunAsync);

    private static async Task<int> RunAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var args = await ConfigArguments.ReadAsync(session.Hub, result, Arguments, cancellationToken);
        var versions = args.Rest.Select(
            word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1).ToArray();
        var file = result.GetValue(WithFile);
        if (versions.Length > 2 || versions.Contains(-1) || (file is not null && versions.Length > 0))
        {
            session.Console.Error("Name at most two version numbers, or use --file without versions. See --help.");
            return ExitCodes.Usage;
        }

        var newest = versions.Length < 2 ? await VersionedDocument.ReadAsync(session.Hub, args, cancellationToken) : null;
        var before = file is not null ? newest! : await ReadAsync(versions.Length > 0 ? versions[0] : Math.Max(0, newest!.Version - 1));
        var (name, after) = file is not null
            ? (file.Name, await DocumentFile.ReadAsync(file.FullName, cancellationToken))
            : newest is not null ? (Name(newest.Version), newest.Document) : (Name(versions[1]), (await ReadAsync(versions[1])).Document);
        var changes = await args.Document.DifferenceAsync(
            before.Document, after, new NamedLists(null), session.Time.GetUtcNow(), cancellationToken);
        Show(session, (Name(before.Version), before.Document), (name, after), changes);
        return ExitCodes.Done;

        Task<VersionedDocument> ReadAsync(int version) => VersionedDocument.ReadAsync(session.Hub, args, version, cancellationToken);
    }

    private static string Name(int version) => string.Create(CultureInfo.InvariantCulture, $"version {version}");

    private static void Show(
        HubSession session, (string Name, JsonObject Document) before, (string Name, JsonObject Document) after,
        IReadOnlyList<string> changes)
    {
        if (session.Json)
        {
            session.Console.Json(new JsonObject
            {
                ["from"] = before.Name,
                ["to"] = after.Name,
                ["changes"] = new JsonArray([.. changes.Select(line => JsonValue.Create(line))]),
                ["before"] = before.Document.DeepClone(),
                ["after"] = after.Document.DeepClone(),
            });
            return;
        }

        if (changes.Count == 0)
        {
            session.Console.Line($"{before.Name} and {after.Name} are the same.");
            return;
        }

        session.Console.Heading($"{before.Name} -> {after.Name}");
        LineDifference.Show(HubConsole.Pretty(before.Document), HubConsole.Pretty(after.Document), session.Console);
        session.Console.Heading("In plain language:");
        foreach (var line in changes)
        {
            session.Console.Change(line);
        }
    }
}
