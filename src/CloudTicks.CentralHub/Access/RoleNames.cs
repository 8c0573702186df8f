namespace CloudTicks.CentralHub.Access;

/// <summary>The roles by name, as tables, requests and answers have them.</summary>
public static class RoleNames
{
    private const string Reader = "reader";
    private const string Writer = "writer";

    /// <summary>What to say to a name that is none.</summary>
    public const string Hint = "It must be reader or writer.";

    /// <summary>The name of a role.</summary>
    /// <returns><c>reader</c> or <c>writer</c>.</returns>
    public static string Of(AccessRole role) => role == AccessRole.Writer ? Writer : Reader;

    /// <summary>The role of a name.</summary>
    public static AccessRole? Parse(string? name) => name switch
    {
        Reader => AccessRole.Reader,
        Writer => AccessRole.Writer,
        _ => null,
    };
}
