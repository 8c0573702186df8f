namespace CloudTicks.Lake.Comparing;

/// <summary>The origin of a compared tick.</summary>
internal enum ComparedSide
{
    /// <summary>A tick of the archive.</summary>
    Archive,

    /// <summary>A tick of the lake, from one of the compared records.</summary>
    FromArchive,

    /// <summary>
    /// A tick of the lake that need not be in the compared records: it was imported, or is from an earlier archive or from a record that
    /// was not read.
    /// </summary>
    Other,

    /// <summary>A tick of the lake whose record the archive no longer has.</summary>
    Expired,
}
