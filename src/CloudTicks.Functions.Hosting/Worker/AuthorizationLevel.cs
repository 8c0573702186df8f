namespace Microsoft.Azure.Functions.Worker;

/// <summary>Who may call a function over HTTP. This host serves only <see cref="Anonymous"/>, and refuses apps that want others.</summary>
public enum AuthorizationLevel
{
    /// <summary>Every caller.</summary>
    Anonymous,

    /// <summary>A user who is signed in.</summary>
    User,

    /// <summary>Who has a key of the function.</summary>
    Function,

    /// <summary>Extensions of the runtime.</summary>
    System,

    /// <summary>Who has the app's master key.</summary>
    Admin,
}
