namespace CloudTicks.Lake.Comparing;

/// <summary>Where a compared tick is from.</summary>
internal enum ComparedSide
{
    /// <summary>The archive.</summary>
    Archive,

    /// <summary>The lake, and made from a record that was compared.</summary>
    OfArchive,

    /// <summary>The lake: an import, an earlier archive, or a record behind those that were compared.</summary>
    Other,

    /// <summary>The lake, and made from a record that the archive no longer has.</summary>
    Gone,
}
