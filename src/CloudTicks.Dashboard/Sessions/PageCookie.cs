using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using ServiceDefaults.Access;

namespace CloudTicks.Dashboard.Sessions;

/// <summary>
/// A random 256-bit session cookie, and its HMAC as a token: scripts cannot read the cookie, and other sites cannot read the token.
/// </summary>
internal sealed class PageCookie
{
    public const string Name = "cloudticks_session";

    /// <summary>The token's header in requests that change something.</summary>
    public const string TokenHeader = "X-CloudTicks-Token";

    private const int Digits = 64;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Returns the cookie of a request; null without a well-formed one.</summary>
    public static string? Of(HttpRequest request) =>
        request.Cookies[Name] is { Length: Digits } cookie && !cookie.AsSpan().ContainsAnyExcept(Hex) ? cookie : null;

    public static string Issue(HttpContext context)
    {
        var cookie = RandomNumberGenerator.GetHexString(Digits, lowercase: true);
        context.Response.Cookies.Append(Name, cookie, Options(context));
        return cookie;
    }

    public string TokenOf(string cookie) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(cookie)));

    public bool HasToken(HttpRequest request) =>
        Of(request) is { } cookie && request.Headers[TokenHeader] is [{ } token]
            && SecretText.AreEqual(token, TokenOf(cookie));

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        IsEssential = true,
    };
}
