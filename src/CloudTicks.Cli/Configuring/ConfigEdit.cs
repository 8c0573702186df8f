using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;

namespace CloudTicks.Cli.Configuring;

/// <summary>
/// <c>cloudticks config edit</c>: opens a document in an editor; faults that the hub reports are shown there for correction.
/// </summary>
internal static class ConfigEdit
{
    private const string Description = """
        Change a document in your editor, $VISUAL or $EDITOR (vi without them).

        If the hub refuses the text, the editor reopens with the faults above the text; leave the editor without another change to give up.
        If the document was changed concurrently, the command changes nothing, keeps your text in a file, and exits with code 3.
        """;

    private static readonly Argument<string[]> Arguments = ConfigArguments.Argument("", "");

    public static Command Create() =>
        new Command("edit", Description) { Arguments, HubOptions.Comment, HubOptions.DryRun, HubOptions.Force }.ChangesHub(RunAsync);

    private static async Task<int> RunAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var args = await ConfigArguments.ReadAsync(session.Hub, result, Arguments, cancellationToken);
        if (args.Rest.Count > 0)
        {
            session.Console.Error($"'{args.Rest[0]}' is not a service.");
            return ExitCodes.Usage;
        }

        var inForce = await VersionedDocument.ReadAsync(session.Hub, args, cancellationToken);
        var text = HubConsole.Pretty(inForce.Document);
        var comment = string.Create(
            CultureInfo.InvariantCulture,
            $"{args.Document.Service}, version {inForce.Version}. Save the text and leave the editor to put "
                + $"the document in force. Leave the text unchanged, or empty it, to change nothing.");
        using var editor = new TextEditor(args.Document.Service);
        while (true)
        {
            var edited = await editor.EditAsync(comment, text, cancellationToken);
            if (string.IsNullOrWhiteSpace(edited) || edited == text)
            {
                return GiveUp(session, editor, keepsFile: edited == text && text != HubConsole.Pretty(inForce.Document));
            }

            text = edited;
            var document = DocumentFile.Parse(edited, out var fault);
            if (document is null)
            {
                comment = fault;
                session.Console.Error(fault);
                continue;
            }

            if (JsonNode.DeepEquals(document, inForce.Document))
            {
                return GiveUp(session, editor, keepsFile: false);
            }

            try
            {
                var response = await session.Hub.SendAsync(
                    HttpMethod.Put, args.Path + ConfigChange.Query(result), document, inForce.Tag, cancellationToken);
                editor.Forget();
                return ConfigChange.Show(session, response);
            }
            catch (HubProblemException problem) when (problem.ExitCode == ExitCodes.Refused)
            {
                comment = problem.Message;
                session.Console.Error(problem.Message);
            }
            catch (HubProblemException)
            {
                session.Console.Error($"Your text is kept in {editor.Path}");
                throw;
            }
        }
    }

    private static int GiveUp(HubSession session, TextEditor editor, bool keepsFile)
    {
        if (!keepsFile)
        {
            editor.Forget();
            session.Console.Error("Nothing was changed.");
            return ExitCodes.Done;
        }

        session.Console.Error($"Nothing was changed; your text is kept in {editor.Path}");
        return ExitCodes.Refused;
    }
}
