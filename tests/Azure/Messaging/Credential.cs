using Azure.Core;

namespace CrmServerless.Tests.Azure.Messaging;

/// <summary>An identity that gives a token at once, or fails as it is told to.</summary>
public sealed class Credential : TokenCredential
{
    public const string Token = "a.test.token";

    public Exception? Fault { get; set; }

    public List<string> Scopes { get; } = [];

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Scopes.AddRange(requestContext.Scopes);
        return Fault is null ? new AccessToken(Token, DateTimeOffset.MaxValue) : throw Fault;
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
