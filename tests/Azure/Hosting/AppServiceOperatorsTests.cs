using System.Text;
using CrmServerless.Azure.Hosting;
using CrmServerless.Crm.Api;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Tests.Azure.Hosting;

/// <summary>Who is an operator, by the header of App Service authentication.</summary>
public sealed class AppServiceOperatorsTests
{
    private const string Mapped = """
        {"auth_typ":"aad","name_typ":"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
         "role_typ":"http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
         "claims":[{"typ":"name","val":"李"},{"typ":"preferred_username","val":"li@example.com"},
                   {"typ":"http://schemas.microsoft.com/ws/2008/06/identity/claims/role","val":"Agent"},
                   {"typ":"http://schemas.microsoft.com/ws/2008/06/identity/claims/role","val":"Viewer"}]}
        """;

    [Fact]
    public void A_signed_in_person_is_an_operator_with_the_roles_of_the_directory()
    {
        var known = Resolve(Mapped)!;
        Assert.Equal("li@example.com", known.Name);
        Assert.Equal([Role.Viewer, Role.Agent], known.Roles.Order());
    }

    [Fact]
    public void A_person_without_a_role_is_known_and_may_do_nothing() =>
        Assert.Empty(Resolve("""{"auth_typ":"aad","claims":[{"typ":"name","val":"李"},{"typ":"groups","val":"Agent"},{"typ":"roles","val":"agent"},{"typ":"roles","val":"1"},{"typ":"roles","val":"Owner"}]}""")!.Roles);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("no JSON")]
    [InlineData("""{"auth_typ":"aad"}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"roles","val":"Agent"}]}""")]
    [InlineData("""{"auth_typ":"facebook","claims":[{"typ":"name","val":"李"},{"typ":"roles","val":"Agent"}]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"name","val":7}]}""")]
    public void Anything_else_is_nobody(string? principal) => Assert.Null(Resolve(principal));

    [Fact]
    public void A_header_that_is_no_base64_comes_twice_or_is_huge_is_nobodys()
    {
        var one = Convert.ToBase64String(Encoding.UTF8.GetBytes(Mapped));
        foreach (var values in new string[][] { ["%%%"], [one, one], [Convert.ToBase64String(Encoding.UTF8.GetBytes(Mapped + new string(' ', 40_000)))] })
        {
            var http = new DefaultHttpContext();
            http.Request.Headers["X-MS-CLIENT-PRINCIPAL"] = values;
            Assert.Null(new AppServiceOperators(signIn: true).Resolve(http));
        }
    }

    [Fact]
    public void Where_the_platform_does_not_sign_in_the_header_is_anybodys_and_counts_nothing() => Assert.Null(Resolve(Mapped, signIn: false));

    [Fact]
    public void What_another_site_makes_a_browser_send_is_not_the_operators_will() => Assert.Null(Resolve(Mapped, site: "cross-site"));

    private static Operator? Resolve(string? principal, bool signIn = true, string? site = null)
    {
        var http = new DefaultHttpContext();
        if (principal is not null) http.Request.Headers["X-MS-CLIENT-PRINCIPAL"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(principal));
        if (site is not null) http.Request.Headers["Sec-Fetch-Site"] = site;
        return new AppServiceOperators(signIn).Resolve(http);
    }
}
