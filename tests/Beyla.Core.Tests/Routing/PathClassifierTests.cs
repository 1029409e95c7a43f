using System.Text;
using Beyla.Routing;

namespace Beyla.Core.Tests.Routing;

public class PathClassifierTests
{
    [Theory]
    [InlineData("/users/fdklsd/j4elk/23993/job/2", "/users/*/j4elk/*/job/*")]
    [InlineData("/u/2", "/u/*")]
    [InlineData("/v1/k6-test-runs/1", "/v1/k6-test-runs/*")]
    [InlineData("/utilisateurs/fdklsd/j4elk/23993/tache/2", "/utilisateurs/*/j4elk/*/tache/*")]
    [InlineData("/customer/lfdsjd/job/erwejre", "/customer/*/job/*")]
    [InlineData("/rolldice/4", "/rolldice/*")]
    [InlineData("123", "*")]
    [InlineData("/v1/products/2", "/v1/products/*")]
    [InlineData("/attach", "/attach")]
    [InlineData("/user_space/", "/user_space/")]
    [InlineData("/some/path", "/some/path")]
    [InlineData("/a--b", "/*")]
    [InlineData("/smoke", "/smoke")]
    [InlineData("", "")]
    [InlineData("/", "/")]
    [InlineData("/a//b", "/a//b")]
    public void Paths_become_the_routes_that_Beyla_gives(string path, string route) => Assert.Equal(route, Classify(path));

    [Theory]
    [InlineData("/ok")]
    [InlineData("/index.html")]
    [InlineData("/favicon.ico")]
    [InlineData("/static/app.min.js")]
    [InlineData("/fonts/roboto.woff2")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/api/v10/orders")]
    [InlineData("/apis/apps/v1beta2/deployments")]
    [InlineData("/services/data/v60.0/query")]
    [InlineData("/_search")]
    [InlineData("/_next/static")]
    [InlineData("/__debug__/")]
    [InlineData("/odata/$metadata")]
    [InlineData("/group/-/merge_requests")]
    [InlineData("/grpc.health.v1.Health/Check")]
    [InlineData("/getUserById")]
    [InlineData("/XMLHttpRequest")]
    [InlineData("/oauth2/token")]
    [InlineData("/K8s/S3")]
    [InlineData("/users:search")]
    [InlineData("/wp-login.php")]
    [InlineData("/healthz")]
    [InlineData("/hello.world")]
    [InlineData("/../etc")]
    [InlineData("/drafts-/x")]
    [InlineData("/warenkorb/bestellung")]
    [InlineData("/usuarios/facturas")]
    [InlineData("/zamowienia/koszyk")]
    public void Names_stay(string path) => Assert.Equal(path, Classify(path));

    [Theory]
    [InlineData("7")]
    [InlineData("v2024")]
    [InlineData("v1.2.3.4")]
    [InlineData("v12x")]
    [InlineData("v1rc200")]
    [InlineData("22j")]
    [InlineData("ab1")]
    [InlineData("a1b2")]
    [InlineData("2024-05-05")]
    [InlineData("20240505T101500Z")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("deadbeef")]
    [InlineData("DEADBEEFCAFE")]
    [InlineData("507f1f77bcf86cd799439011")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("dQw4w9WgXcQ")]
    [InlineData("xKqzvWbTpL")]
    [InlineData("qwxzkjvbn")]
    [InlineData("anna@example.org")]
    [InlineData("dGVzdA==")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln")]
    [InlineData("a%20b")]
    [InlineData("caf%C3%A9")]
    [InlineData("café")]
    [InlineData("привет")]
    [InlineData("日本")]
    [InlineData("main.3f2a9c1b.js")]
    [InlineData("192.168.0.1")]
    [InlineData("123:cancel")]
    [InlineData("~anna")]
    [InlineData("how-to-build-an-agent-in-one-week")]
    [InlineData("___")]
    [InlineData("$")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Values_become_a_wildcard(string folder) => Assert.Equal("/x/*/y", Classify($"/x/{folder}/y"));

    [Theory]
    [InlineData("/shop/cart;jsessionid=8A3F", "/shop/cart")]
    [InlineData("/shop/77;v=1", "/shop/*")]
    [InlineData("/shop/;v=1", "/shop/*")]
    public void Parameters_of_a_folder_are_left_out(string path, string route) => Assert.Equal(route, Classify(path));

    [Theory]
    [InlineData("/a/b/c/d/e/f/g/h/i/j/k", "/a/b/c/d/e/f/g/h/i")]
    [InlineData("/a/b/c/d/e/f/g/h/i/", "/a/b/c/d/e/f/g/h/i")]
    [InlineData("/a/b/c/d/e/f/g/h/7/j", "/a/b/c/d/e/f/g/h/*")]
    [InlineData("/a/b/c/d/e/f/g/h/i", "/a/b/c/d/e/f/g/h/i")]
    public void A_path_is_cut_before_its_tenth_slash(string path, string route) => Assert.Equal(route, Classify(path));

    private static string Classify(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var output = new byte[bytes.Length];
        return Encoding.UTF8.GetString(output, 0, PathClassifier.Write(bytes, (byte)'*', output));
    }
}
