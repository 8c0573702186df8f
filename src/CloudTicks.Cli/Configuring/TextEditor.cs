using System.ComponentModel;
using System.Diagnostics;
using CloudTicks.Cli.Hub;

namespace CloudTicks.Cli.Configuring;

/// <summary>
/// Opens the user's editor on a file that only the user can read, and keeps the file unless <see cref="Forget"/> is called.
/// </summary>
internal sealed class TextEditor(string name) : IDisposable
{
    private const string CommentPrefix = "// ";

    private static readonly string[] Variables = ["VISUAL", "EDITOR"];

    /// <summary>Variables with these prefixes may contain keys or passwords, so the editor does not inherit them.</summary>
    private static readonly string[] SecretPrefixes = ["POLYGON_API_KEY", "CLOUDTICKS_HUB_", "ConnectionStrings__"];

    private bool _isForgotten;

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"cloudticks-{name}-{Guid.NewGuid():N}.json");

    /// <summary>Lets the user edit a text, and returns the edited text.</summary>
    /// <exception cref="HubProblemException">There is no editor, the editor failed, or the file cannot be written or read.</exception>
    public async Task<string> EditAsync(string comment, string text, CancellationToken cancellationToken)
    {
        try
        {
            var comments = comment.Split('\n').Select(line => $"{CommentPrefix}{line.Trim()}\n");
            await WriteAsync($"{string.Concat(comments)}{text}\n", cancellationToken);
            using var editor = Process.Start(Start())
                ?? throw new HubProblemException(ExitCodes.Incomplete, "The editor did not start.", null);
            await editor.WaitForExitAsync(cancellationToken);
            if (editor.ExitCode != 0)
            {
                throw new HubProblemException(
                    ExitCodes.Incomplete,
                    $"The editor ended with exit code {editor.ExitCode}. Nothing was changed; your text is in {Path}", null);
            }

            return WithoutComment(await File.ReadAllTextAsync(Path, cancellationToken));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new HubProblemException(
                ExitCodes.Incomplete,
                $"The text cannot be edited ({exception.Message.TrimEnd('.')}). Check that {Path} can be written and read, and that VISUAL "
                    + "or EDITOR names an installed editor.", null);
        }
    }

    public void Forget() => _isForgotten = true;

    public void Dispose()
    {
        if (_isForgotten)
        {
            File.Delete(Path);
        }
    }

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(Path, options);
        await writer.WriteAsync(text.AsMemory(), cancellationToken);
    }

    // The editor may have arguments ('code --wait'), so a shell runs it; the file name is passed as an argument, not as shell text.
    private ProcessStartInfo Start()
    {
        var editor = Variables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
        var startInfo = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(editor ?? "notepad", [Path])
            : new ProcessStartInfo("/bin/sh", ["-c", $"{editor ?? "vi"} \"$1\"", "editor", Path]);
        foreach (var name in startInfo.Environment.Keys.Where(IsSecret).ToList())
        {
            startInfo.Environment.Remove(name);
        }

        return startInfo;
    }

    private static bool IsSecret(string variable) =>
        Array.Exists(SecretPrefixes, secret => variable.StartsWith(secret, StringComparison.OrdinalIgnoreCase));

    private static string WithoutComment(string text) =>
        string.Join(
            '\n', text.Split('\n').SkipWhile(line => line.StartsWith(CommentPrefix.TrimEnd(), StringComparison.Ordinal))
                .Select(line => line.TrimEnd('\r'))).TrimEnd();
}
