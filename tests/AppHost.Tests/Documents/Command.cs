namespace AppHost.Tests.Documents;

/// <summary>A command of a page.</summary>
/// <param name="Text">As a reader types it, without its comment.</param>
/// <param name="Shown">What the page shows as its output, and of which kind that is.</param>
internal sealed record Command(string Text, (string Language, string Text)? Shown);
