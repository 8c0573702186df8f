namespace CloudTicks.CentralHub.Access;

/// <summary>Names of roles in tables, requests and responses.</summary>
public static class RoleNames
{
    private const string Reader = "reader";
    private const string Writer = "writer";

    /// <summary>The message for an unknown name.</summary>
    public const string Hint = "It must be reader or writer.";

    /// <summary>Returns the name of a role.</summary>
    /// <returns><c>reader</c> or <c>writer</c>.</returns>
    public static string Of(AccessRole role) => role == AccessRole.Writer ? Writer : Reader;

    /// <summary>Returns the role with a name; null for an unknown name.</summary>
    public static AccessRole? Parse(string? name) => name switch
    {
        Reader => AccessRole.Reader,
        Writer => AccessRole.Writer,
        _ => null,
    };
}
