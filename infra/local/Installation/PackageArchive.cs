namespace CloudTicks.LocalServices.Installation;

/// <summary>One suite of a package archive, as one line of an apt sources list.</summary>
/// <param name="Uri">The mirror.</param>
/// <param name="Suite">Code name of the release.</param>
/// <param name="Components">The components of the suite, separated by spaces.</param>
/// <param name="Keyring">The file of keys that sign the archive; null: the keys that the host trusts for every archive.</param>
internal sealed record PackageArchive(string Uri, string Suite, string Components, string? Keyring)
{
    public override string ToString() => $"{Uri} {Suite}";

    /// <summary>The line of a sources list.</summary>
    public string SourcesLine(string architecture)
    {
        var keys = Keyring is null ? "" : $" signed-by={Keyring}";
        return $"deb [arch={architecture}{keys}] {Uri} {Suite} {Components}";
    }
}
