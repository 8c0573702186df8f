namespace CloudTicks.Lake.Comparing;

/// <summary>The origin of a compared tick.</summary>
internal enum ComparedSide
{
    /// <summary>The archive.</summary>
    Archive,

    /// <summary>The lake, from a compared record.</summary>
    OfArchive,

    /// <summary>The lake: an import, an earlier archive, or a record after the compared ones.</summary>
    Other,

    /// <summary>The lake, from a record that the archive no longer has.</summary>
    Gone,
}
