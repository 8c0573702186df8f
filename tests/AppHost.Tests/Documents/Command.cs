namespace AppHost.Tests.Documents;

/// <summary>A command of a page.</summary>
/// <param name="Text">The command as a reader types it, without its comment.</param>
/// <param name="DocumentedOutput">The output in the page, and the language of its block; null if there is none.</param>
internal sealed record Command(string Text, (string Language, string Text)? DocumentedOutput);
